-- How many there are at a node. ARGV: node, how many, ms for which that holds.
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  say(ARGV[1], ARGV[2], now(), ARGV[3])
end
return 0
