-- Reserves slots (times of calls), evenly spaced, after those that are reserved already.
--
-- KEYS[1]: the state of an app: `next`, the first free slot, in microseconds of Redis' clock, and `limit`.
-- ARGV: the number of slots; the window in microseconds; the limit to assume; the limit that the API has reported, or 0; the length
-- of the pause that the API asks for in microseconds, or 0; how many microseconds a process with a local schedule may take to notice
-- that Redis is available again; whether this process used its local schedule until now.
-- Returns the current time, the first slot, the time between two slots, and the limit.
local count, window, assumed, new_limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local pause, notice_time, was_local = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1'

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local state = redis.call('HMGET', KEYS[1], 'next', 'limit')
local first, limit = tonumber(state[1]), tonumber(state[2])

if new_limit > 0 then
    limit = new_limit
    redis.call('HSET', KEYS[1], 'limit', new_limit)
end
limit = limit or assumed

-- If the state was lost, or this process used its local schedule, other processes may still use theirs: wait until they have
-- noticed that Redis is available again.
if not first or was_local then
    first = math.max(first or 0, now + notice_time)
end
first = math.max(first, now, now + pause)

-- 97 % of the limit, so that calls that arrive late do not exceed the limit of the next window.
local step = math.ceil(window / (limit * 0.97))
redis.call('HSET', KEYS[1], 'next', string.format('%.0f', first + count * step))
redis.call('EXPIRE', KEYS[1], 86400)
return { now, first, step, limit }
