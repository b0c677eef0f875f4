-- What the scripts about presence begin with.
-- KEYS[1] to KEYS[5]: hash connection → user; sorted set connection by its end; hash user → number of connections;
-- hash user → info; sorted set user by the end of the grace. KEYS[6]: sorted set of all users' names.
if redis.replicate_commands then redis.replicate_commands() end
local owners, ends, counts, infos, leaving, names = unpack(KEYS)

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function whole(number)
  return string.format('%.0f', number)
end

local function forget(user)
  redis.call('HDEL', counts, user)
  redis.call('HDEL', infos, user)
  redis.call('ZREM', leaving, user)
  redis.call('ZREM', names, user)
end

-- Take a connection from its user; whether it was the last one.
local function part(connection, user)
  redis.call('HDEL', owners, connection)
  redis.call('ZREM', ends, connection)
  return redis.call('HINCRBY', counts, user, -1) <= 0
end

local function last_for(ms)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ms) end
end

-- When somebody may be gone next, or -1.
local function due()
  local first = redis.call('ZRANGE', ends, 0, 0, 'WITHSCORES')[2]
  local other = redis.call('ZRANGE', leaving, 0, 0, 'WITHSCORES')[2]
  if not (first or other) then return '-1' end
  return whole(math.min(tonumber(first or other), tonumber(other or first)))
end
