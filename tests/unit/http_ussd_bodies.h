/* http_ussd_bodies - bodies as aggregators post them. */
#ifndef TESTS_UNIT_HTTP_USSD_BODIES_H
#define TESTS_UNIT_HTTP_USSD_BODIES_H

#define NALO(input, begins)                                                              \
	"{\"USERID\":\"u\",\"MSISDN\":\"255712000100\",\"USERDATA\":\"" input            \
	"\",\"MSGTYPE\":" begins ",\"NETWORK\":\"MTN\",\"SESSIONID\":\"s1\"}"
#define ARKESEL(input, begins)                                                           \
	"{\"sessionID\":\"s1\",\"userID\":\"u\",\"newSession\":" begins                  \
	",\"msisdn\":\"255712000100\",\"userData\":\"" input "\",\"network\":\"MTN\"}"
#define HUBTEL(type, input, sequence)                                                    \
	"{\"Type\":\"" type "\",\"Message\":\"" input                                    \
	"\",\"ServiceCode\":\"384*77\",\"Operator\":\"vodafone\",\"ClientState\":\"\","  \
	"\"Mobile\":\"255712000100\",\"SessionId\":\"s1\",\"Sequence\":" sequence "}"
#define BEEM(command, input)                                                             \
	"{\"session_id\":\"s1\",\"msisdn\":\"255712000100\",\"operator\":\"vodacom\","   \
	"\"command\":\"" command                                                         \
	"\",\"payload\":{\"request_id\":0,\"response\":\"" input "\"}}"
#define TRUROUTE(type, input)                                                            \
	"<?xml version=\"1.0\"?><ussd><msisdn>+255712000100</msisdn>"                    \
	"<sessionid>s1</sessionid><type>" type "</type><msg>" input "</msg></ussd>"
#define MEMBER(name, value)                                                              \
	"<member><name>" name "</name><value><string>" value "</string></value></"       \
	"member>"
#define XMLRPC(input, response)                                                          \
	"<?xml version=\"1.0\"?><methodCall><methodName>handleUSSDRequest</methodName>"  \
	"<params><param><value><struct>" MEMBER("TransactionId", "s1") MEMBER(           \
	    "TransactionTime", "20260101T10:00:00") MEMBER("MSISDN", "255712000100")     \
	    MEMBER("USSDServiceCode", "384") MEMBER("USSDRequestString", input) MEMBER(  \
	        "response", response) "</struct></value></param></params></methodCall>"

#define SENDEXA(type, input)                                                             \
	"{\"sessionId\":\"s1\",\"phone\":\"255712000100\",\"network\":\"MTN\","          \
	"\"serviceCode\":\"*123#\",\"type\":\"" type "\",\"input\":" input               \
	",\"timestamp\":\"2026-01-15T10:30:05Z\"}"
#define PAYTOTA(state, input)                                                            \
	"{\"shortcode\":\"165\",\"msisdn\":\"255712000100\",\"mccmnc\":\"64101\","       \
	"\"sessionid\":\"s1\",\"state\":\"" state "\",\"message\":\"" input "\"}"
#define MTECH(inner)                                                                     \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<page version=\"2.0\">\n"           \
	"  <session_id>s1</session_id>\n" inner "</page>"
#define DIALOG(attributes, inner)                                                        \
	"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<dialog "                          \
	"appCntx=\"networkUnstructuredSsContext_version2\" networkId=\"0\" "             \
	"localId=\"12\" remoteId=\"13\" returnMessageOnError=\"false\" " attributes      \
	">" inner "</dialog>"
#define DIALLED(number)                                                                  \
	DIALOG("type=\"Begin\" mapMessagesSize=\"1\"",                                   \
	       "<errComponents/><processUnstructuredSSRequest_Request invokeId=\"3\" "   \
	       "dataCodingScheme=\"15\" string=\"*519#\">" number                        \
	       "</processUnstructuredSSRequest_Request>")
#define ISDN(element)                                                                    \
	"<" element " nai=\"international_number\" npi=\"ISDN\" "                        \
	"number=\"255712000100\"/>"
#define TYPED(input)                                                                     \
	DIALOG("type=\"Continue\" mapMessagesSize=\"1\" userObject=\"255712000100 3\"",  \
	       "<errComponents/><unstructuredSSRequest_Response invokeId=\"1\" "         \
	       "dataCodingScheme=\"15\" string=\"" input "\"/>")
#define IDEAMART(operation, input, address)                                              \
	"{\"applicationId\":\"APP_1\",\"version\":\"1.0\",\"sessionId\":\"s1\","         \
	"\"ussdOperation\":\"" operation "\",\"message\":\"" input                       \
	"\",\"sourceAddress\":\"" address "\"}"

#endif
