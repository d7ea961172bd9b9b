-- load.lua - what wrk sends, and one line of JSON about what came back.
-- usage: wrk ... -s load.lua URL -- KIND ARGUMENT...
--   get [TOKEN]         the URL as it is
--   paced TOKEN MS      the same, each connection waiting MS milliseconds between requests
--   login ID PASSWORD   logs the accounts ID1 to ID8 in, in turn
--   refresh FILE        changes the refresh tokens in FILE for the next ones, and those again: one a connection, and
--                       one that wrk looks at before it begins
--   signup ID           signs up ID1, ID2, ... and waits for the end of each saga
--   order TOKEN FILE KEY    sends the orders in FILE, one a line, in turn, with the keys KEY1, KEY2, ... and waits for each to be
--                       confirmed
--   rush TOKEN FILE KEY N   the same, of what may be sold out; ends wrk once N have been answered
local threads = {}

function setup(thread)
   threads[#threads + 1] = thread
end

local function post(path, body, headers)
   headers["Content-Type"] = "application/json"
   return wrk.format("POST", path, headers, body)
end

function init(args)
   local kind, count = args[1], 0
   expected, unexpected, status_seen = 0, 0, 0

   if (kind == "get" or kind == "paced") and args[2] then
      wrk.headers["Authorization"] = "Bearer " .. args[2]
   end
   if kind == "get" then
      return
   elseif kind == "paced" then
      local pause = tonumber(args[3])
      delay = function() return pause end
   elseif kind == "login" then
      request = function()
         count = count % 8 + 1
         return post("/login", string.format('{"loginId":"%s%d","password":"%s"}', args[2], count, args[3]), {})
      end
   elseif kind == "refresh" then
      local tokens = {}
      for token in io.lines(args[2]) do
         tokens[#tokens + 1] = token
      end
      request = function()
         return post("/refresh", '{"refreshToken":"' .. table.remove(tokens) .. '"}', {})
      end
      response = function(status, headers, body)
         local token = body:match('"refreshToken":"([^"]*)"')
         if status == 200 and token then
            tokens[#tokens + 1], expected = token, expected + 1
         else
            unexpected, status_seen = unexpected + 1, status
         end
      end
   elseif kind == "signup" then
      request = function()
         count = count + 1
         return post("/signup", string.format(
            '{"loginId":"%s%d","password":"lantern-tide-quartz","name":"Bench","email":"%s%d@example.org","phone":"+82 10-1234-5678"}',
            args[2], count, args[2], count), {Prefer = "wait=10"})
      end
      -- Only a saga that has ended counts.
      response = function(status, headers, body)
         if status == 201 and body:find('"ACTIVE"', 1, true) then
            expected = expected + 1
         else
            unexpected, status_seen = unexpected + 1, status
         end
      end
   elseif kind == "order" or kind == "rush" then
      local orders, answered, last = {}, 0, tonumber(args[5] or 0)
      for order in io.lines(args[3]) do
         orders[#orders + 1] = order
      end
      request = function()
         count = count + 1
         return post("/orders", orders[count % #orders + 1],
            {Authorization = "Bearer " .. args[2], Prefer = "wait=10", ["Idempotency-Key"] = args[4] .. count})
      end
      response = function(status, headers, body)
         if status == 201 and body:find('"CONFIRMED"', 1, true) then
            expected = expected + 1
         elseif not (kind == "rush" and status == 409 and body:find('"sold_out"', 1, true)) then
            unexpected, status_seen = unexpected + 1, status
         end
         answered = answered + 1
         if answered == last then
            os.execute("{ sleep 0.1; kill -INT $PPID; } &") -- else wrk sleeps until the end of its time
         end
      end
   end
end

function done(summary, latency, requests)
   local errors = summary.errors
   local ended, odd, status = 0, 0, 0
   for _, thread in ipairs(threads) do
      ended, odd = ended + thread:get("expected"), odd + thread:get("unexpected")
      status = math.max(status, thread:get("status_seen"))
   end
   io.write(string.format(
      'JSON {"requests":%d,"seconds":%.6f,"p50Us":%d,"p99Us":%d,"refused":%d,"broken":%d,"ended":%d,"odd":%d,"status":%d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
      errors.status, errors.connect + errors.read + errors.write + errors.timeout, ended, odd, status))
end
