-- One more at a node, if that is allowed: 1, otherwise 0. ARGV: node, how many are there then, ms for which that holds, limit.
local time = now()
if elsewhere(ARGV[1], time) + ARGV[2] > tonumber(ARGV[4]) then return 0 end
say(ARGV[1], ARGV[2], time, ARGV[3])
return 1
