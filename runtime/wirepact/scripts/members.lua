-- Users and what is told of them, one after the other. ARGV: after which name, how many.
local start = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local found = {}
for _, user in ipairs(redis.call('ZRANGEBYLEX', names, start, '+', 'LIMIT', 0, ARGV[2])) do
  found[#found + 1] = user
  found[#found + 1] = redis.call('HGET', infos, user) or ''
end
return found
