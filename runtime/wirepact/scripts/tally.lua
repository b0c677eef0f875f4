-- What the scripts about places begin with.
-- KEYS[1]: hash node → how many are there, a colon, and until when that is believed in ms.
if redis.replicate_commands then redis.replicate_commands() end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- How many there are at other nodes; those that have said nothing for too long are forgotten.
local function elsewhere(node, time)
  local all, sum = redis.call('HGETALL', KEYS[1]), 0
  for index = 1, #all, 2 do
    local count, ends = string.match(all[index + 1], '^(%d+):(%d+)$')
    if tonumber(ends) <= time then
      redis.call('HDEL', KEYS[1], all[index])
    elseif all[index] ~= node then
      sum = sum + tonumber(count)
    end
  end
  return sum
end

local function say(node, count, time, ttl)
  redis.call('HSET', KEYS[1], node, count .. ':' .. string.format('%.0f', time + ttl))
  redis.call('PEXPIRE', KEYS[1], ttl)
end
