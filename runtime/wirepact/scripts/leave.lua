-- A connection is gone: {1 if its user is, when to look again}. ARGV: connection, ms of grace.
local user = redis.call('HGET', owners, ARGV[1])
if not user then return {0, due()} end
local is_gone = 0
if part(ARGV[1], user) then
  if ARGV[2] == '0' then
    forget(user)
    is_gone = 1
  else
    redis.call('ZADD', leaving, whole(now() + ARGV[2]), user)
  end
end
return {is_gone, due()}
