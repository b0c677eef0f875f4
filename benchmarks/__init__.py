"""What Wirepact costs, beside others that do the same job. `make bench` runs `fanout`; see README.md."""
