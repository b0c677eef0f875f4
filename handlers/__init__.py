"""What the services of this application do, one package each, and the application that serves them."""
