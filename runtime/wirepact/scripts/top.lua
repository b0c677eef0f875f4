-- The position of a topic's last publication: {epoch, offset}.
-- ARGV: run id, a new epoch, ms after which a topic without and with a publication is forgotten.
local epoch, offset = place(ARGV[1], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], offset > 0 and ARGV[4] or ARGV[3])
return {epoch, offset}
