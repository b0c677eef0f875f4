-- What was kept since a position: {epoch, offset, 1, message, message …}, or {epoch, offset, 0} if something is missing.
-- ARGV: run id, a new epoch, ms after which a topic without a publication is forgotten, the position's epoch and offset, limit.
local epoch, offset, stream_top, latest_top, gone = place(ARGV[1], ARGV[2], ARGV[3])
local since, limit = tonumber(ARGV[5]), tonumber(ARGV[6])
local incomplete = {epoch, offset, 0}
if ARGV[4] ~= epoch or since > offset or since < gone then return incomplete end

local found, time = {epoch, offset, 1}, now()
if stream_top > since then
  local entries = redis.call('XRANGE', KEYS[2], whole(since + 1), '+', 'COUNT', limit + 1)
  if #entries > limit then return incomplete end
  local last = since
  for _, entry in ipairs(entries) do
    local fields = entry[2]
    -- The first follows one that was heard, or was not in the stream; each other follows the one before.
    if tonumber(fields[2]) > last or tonumber(fields[4]) <= time then return incomplete end
    last = tonumber(string.match(entry[1], '^%d+'))
    found[#found + 1] = fields[6]
  end
  if last ~= stream_top then return incomplete end
end

if latest_top > since then
  local keys = redis.call('ZRANGEBYSCORE', KEYS[4], '(' .. ARGV[5], '+inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
  if #found - 3 + #keys / 2 > limit or tonumber(keys[#keys] or -1) ~= latest_top then return incomplete end
  for index = 1, #keys, 2 do
    local record = redis.call('HGET', KEYS[3], keys[index])
    local ends, message = string.match(record or '', '^(%d+) %d* (.*)$')
    if not ends or tonumber(ends) <= time then return incomplete end
    found[#found + 1] = message
  end
end
return found
