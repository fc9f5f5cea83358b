-- One small event an append, to a thousand streams in turn; prints what was measured as JSON.
local requests = {}
local turn = 0

function init()
  local body = '{"type":"AmountDeposited","data":"eyJhbW91bnQiOjEwMDAwfQ=="}'
  wrk.headers["Content-Type"] = "application/json"
  for stream = 1, 1000 do
    requests[stream] = wrk.format("POST", "/account-" .. stream, nil, body)
  end
end

function request()
  turn = turn % 1000 + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"refused":%d,"broken":%d,"microseconds":%d,"p50":%d,"p90":%d,"p99":%d,"max":%d}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout, summary.duration,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
