-- Reserves moments for calls, evenly spaced, after those that others have reserved.
--
-- KEYS[1]: the state of an app: `next`, the first moment that is free, in microseconds of Redis' clock, and `limit`.
-- ARGV: how many; the window in microseconds; the limit to assume; the limit that the API has named, or 0; for how many
-- microseconds the API asks to send nothing, or 0; the caution in microseconds; whether this process paced itself until now.
-- Returns the time, the first moment, the time between two, and the limit.
local count, window, assumed, told = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local pause, caution, returns = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local state = redis.call('HMGET', KEYS[1], 'next', 'limit')
local first, limit = tonumber(state[1]), tonumber(state[2])

if told > 0 then
    limit = told
    redis.call('HSET', KEYS[1], 'limit', told)
end
limit = limit or assumed

-- Where the state was lost, or a process comes back, others may still pace themselves: they are given the time to notice.
if not first or returns then
    first = math.max(first or 0, now + caution)
end
first = math.max(first, now, now + pause)

-- 97 % of the limit: calls that arrive a little late do not fill the next window.
local step = math.ceil(window / (limit * 0.97))
redis.call('HSET', KEYS[1], 'next', string.format('%.0f', first + count * step))
redis.call('EXPIRE', KEYS[1], 86400)
return { now, first, step, limit }
