-- A connection is there, or still is: {1 if its user was not, when to look again}.
-- ARGV: connection, user, info, ms for which that holds, ms for which the keys last.
local connection, user, time = ARGV[1], ARGV[2], now()
local owner = redis.call('HGET', owners, connection)
if owner and owner ~= user and part(connection, owner) then redis.call('ZADD', leaving, time, owner) end
local is_new = 0
if owner ~= user then
  redis.call('HSET', owners, connection, user)
  redis.call('HINCRBY', counts, user, 1)
  is_new = redis.call('ZADD', names, 0, user)
  redis.call('ZREM', leaving, user)
end
redis.call('HSET', infos, user, ARGV[3])
redis.call('ZADD', ends, whole(time + ARGV[4]), connection)
last_for(ARGV[5])
return {is_new, due()}
