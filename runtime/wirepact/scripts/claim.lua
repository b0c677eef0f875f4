-- Topics where somebody may have gone, each given to one who asks: it is due again after a while, whatever becomes of him.
-- KEYS[1]: sorted set of topics by when to look. ARGV: how many, ms until it is due again.
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local again = string.format('%.0f', now + ARGV[2])
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[1])
for _, topic in ipairs(found) do redis.call('ZADD', KEYS[1], again, topic) end
table.insert(found, 1, again)
return found
