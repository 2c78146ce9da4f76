-- HOPS (5) hops of a session: dial, then account, language, back, back, over and over.  Many sessions stand open at once, so that the next hop
-- of one is sent long after the answer to the one before.
local texts, typed = { "" }, {}
for i = 2, tonumber(os.getenv("HOPS") or "5") do
	typed[#typed + 1] = ({ "5", "3", "0", "0" })[(i - 2) % 4 + 1]
	texts[i] = table.concat(typed, "*")
end
local sessions, members = 320, 500
local run = os.getenv("RUN") or "0"
local open, turn, made, wrong = {}, 0, 0, 0
local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }

local function start(i)
	made = made + 1
	open[i] = { step = 1, head = string.format("sessionId=ATUid_%s_%d&phoneNumber=%%2B255713%04d00&networkCode=64004" ..
		"&serviceCode=%%2A384%%2A77%%23&text=", run, made, made % members) }
end

function request()
	turn = turn % sessions + 1
	local s = open[turn]
	if s == nil or s.step > #texts then
		start(turn)
		s = open[turn]
	end
	local body = s.head .. texts[s.step]:gsub("*", "%%2A")
	s.step = s.step + 1
	return wrk.format("POST", "/ussd/at", headers, body)
end

function response(status, _, body)
	if status ~= 200 or body:sub(1, 4) ~= "CON " then
		wrong = wrong + 1
		if wrong < 4 then
			io.stderr:write("wrong answer: ", status, " ", body, "\n")
		end
	end
end
