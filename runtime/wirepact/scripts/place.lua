-- What the broker's scripts begin with.

-- Before Redis 7 a script that asks for the time may write only after this.
if redis.replicate_commands then redis.replicate_commands() end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Lua would write a large number with an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

-- Where a topic is. It begins anew, with nothing kept, where nothing is known of it, and where what is known was written
-- before this server was restarted, or by another one: some of what came after may be missing then.
-- KEYS[1] to KEYS[4]: meta, stream, values, offsets.
local function place(run, new_epoch, idle)
  local known = redis.call('HMGET', KEYS[1], 'epoch', 'run', 'offset', 'stream', 'latest', 'gone')
  if known[1] and known[2] == run then
    return known[1], tonumber(known[3]), tonumber(known[4]), tonumber(known[5]), tonumber(known[6])
  end
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
  redis.call('HSET', KEYS[1], 'epoch', new_epoch, 'run', run, 'offset', 0, 'stream', 0, 'latest', 0, 'gone', 0)
  redis.call('PEXPIRE', KEYS[1], idle)
  return new_epoch, 0, 0, 0, 0
end
