-- Those of a topic who have gone: {when to look again, user, info, user, info …}. ARGV: how many to look at.
local time, gone = whole(now()), {}

local function tell(user)
  gone[#gone + 1] = user
  gone[#gone + 1] = redis.call('HGET', infos, user) or ''
  forget(user)
end

for _, connection in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', time, 'LIMIT', 0, ARGV[1])) do
  local user = redis.call('HGET', owners, connection)
  if not user then
    redis.call('ZREM', ends, connection)
  elseif part(connection, user) then
    tell(user)
  end
end
for _, user in ipairs(redis.call('ZRANGEBYSCORE', leaving, '-inf', time, 'LIMIT', 0, ARGV[1])) do
  tell(user)
end
table.insert(gone, 1, due())
return gone
