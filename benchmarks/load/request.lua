-- One request after the other, to a number of streams in turn; prints what was measured as JSON.
-- Arguments: the method, the target with `{stream}` in it, the number of streams, the file of the body.
local keptBytesMax = 16 * 1024 * 1024
local marker = "{stream}"
local kept = {}
local turn = 0
local streams, head, rest

function init(args)
  local method, target, count, path = args[1], args[2], args[3], args[4]
  local file = assert(io.open(path))
  local body = file:read("*a")
  file:close()
  wrk.headers["Content-Type"] = "application/json"
  local whole = wrk.format(method, target, nil, #body > 0 and body or nil)
  local from, to = whole:find(marker, 1, true)
  head, rest = whole:sub(1, from - 1), whole:sub(to + 1)
  streams = tonumber(count)
  if streams * #whole > keptBytesMax then return end
  for stream = 1, streams do
    kept[stream] = printed(stream)
  end
end

function printed(stream)
  return string.format("%s%08d%s", head, stream, rest)
end

function request()
  turn = turn % streams + 1
  return kept[turn] or printed(turn)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"failures":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d}',
    summary.requests, errors.status + errors.connect + errors.read + errors.write + errors.timeout, summary.duration,
    summary.bytes, latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
end
