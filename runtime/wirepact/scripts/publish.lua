-- Take one publication in, all or nothing: count it, keep it, deliver it. Gives the position, or '-' if it is not kept.
-- KEYS[5] holds what an idempotency key gave.
-- ARGV: run id, a new epoch, ms after which a topic is forgotten, channel,
--       mode, size, age in ms, kind, key, payload, version, ms for which the idempotency key is known.
local run, new_epoch, forget, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local mode, size, age, kind, key = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8], ARGV[9]
local payload, version, known_for = ARGV[10], ARGV[11], ARGV[12]
local meta, stream, values, offsets, once = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

if known_for ~= '0' then
  local known = redis.call('GET', once)
  if known then return known end
end

local function keep_at_least(name, ms)
  if redis.call('PTTL', name) < ms then redis.call('PEXPIRE', name, ms) end
end

-- Let go of the values that have expired, oldest first, and remember up to where some are gone.
local function expire(time)
  while true do
    local oldest = redis.call('ZRANGE', offsets, 0, 0, 'WITHSCORES')
    if not oldest[1] then return end
    local record = redis.call('HGET', values, oldest[1])
    if record and tonumber(string.match(record, '^%d+')) > time then return end
    redis.call('ZREM', offsets, oldest[1])
    redis.call('HDEL', values, oldest[1])
    redis.call('HSET', meta, 'gone', oldest[2])
  end
end

local position = '-'
if mode == '' then
  redis.call('PUBLISH', channel, '1 ' .. kind .. ' - ' .. key .. '\n' .. payload)
else
  local epoch, offset, last, latest = place(run, new_epoch, forget)
  local time = now()
  if mode == 'latest' and version ~= '' then
    local record = redis.call('HGET', values, key)
    if record then
      local ends, stands, at = string.match(record, '^(%d+) (%d*) 1 %a (%w+%.%d+) ')
      if tonumber(ends) > time and stands ~= '' and tonumber(stands) >= tonumber(version) then return at end
    end
  end
  offset = offset + 1
  position = epoch .. '.' .. whole(offset)
  local message = '1 ' .. kind .. ' ' .. position .. ' ' .. key .. '\n' .. payload
  if mode == 'latest' then
    -- All of them have expired, or were evicted.
    if latest > 0 and redis.call('EXISTS', offsets) == 0 then redis.call('HSET', meta, 'gone', whole(latest)) end
    redis.call('HSET', values, key, whole(time + age) .. ' ' .. version .. ' ' .. message)
    redis.call('ZADD', offsets, offset, key)
    redis.call('HSET', meta, 'offset', whole(offset), 'latest', whole(offset))
    expire(time)
    keep_at_least(values, age)
    keep_at_least(offsets, age)
  else
    -- Each entry says which one was before it, so that a hole shows.
    redis.call('XADD', stream, 'MAXLEN', '=', size, whole(offset) .. '-0', 'b', last, 'u', whole(time + age), 'm', message)
    redis.call('HSET', meta, 'offset', whole(offset), 'stream', whole(offset))
    keep_at_least(stream, age)
  end
  redis.call('PEXPIRE', meta, forget)
  redis.call('PUBLISH', channel, message)
end
if known_for ~= '0' then redis.call('SET', once, position, 'PX', known_for) end
return position
