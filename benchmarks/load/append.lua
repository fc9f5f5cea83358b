-- Appends of a body that is in a file, to a number of streams in turn; prints what was measured as JSON.
-- Arguments: the file of the body, the number of streams.
local requests = {}
local streams
local turn = 0
local head, rest

function init(args)
  local file = assert(io.open(args[1]))
  local body = file:read("*a")
  file:close()
  streams = tonumber(args[2])
  wrk.headers["Content-Type"] = "application/json"
  local marker = "stream-of-the-turn"
  local whole = wrk.format("POST", "/account-" .. marker, nil, body)
  local from, to = whole:find(marker, 1, true)
  head, rest = whole:sub(1, from - 1), whole:sub(to + 1)
  if streams * #whole > 16 * 1024 * 1024 then return end
  for stream = 1, streams do
    requests[stream] = head .. stream .. rest
  end
end

function request()
  turn = turn % streams + 1
  return requests[turn] or (head .. turn .. rest)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"refused":%d,"broken":%d,"microseconds":%d,"p50":%d,"p90":%d,"p99":%d,"p999":%d,"max":%d}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout, summary.duration,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9), latency.max))
end
