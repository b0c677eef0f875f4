-- Nobody is left at a topic: look there no more, unless somebody has come since it was claimed.
-- KEYS[1]: sorted set of topics by when to look. ARGV: topic, when it was to be due again.
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0
