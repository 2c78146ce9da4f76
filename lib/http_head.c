#include "lib/http_head.h"

#include <string.h>
#include <strings.h>

static bool
is_token(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

size_t
http_head_length(const char *bytes, size_t n)
{
	const char *end = memmem(bytes, n, "\r\n\r\n", 4);

	return end ? (size_t)(end - bytes) + 4 : 0;
}

/* The next line, cut at its CRLF; NULL if it holds a byte that has no place in a head. */
static char *
take_line(char **at, char *end)
{
	char *line = *at;

	for (char *p = line; p + 1 < end; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '\r' && p[1] == '\n') {
			*p = '\0';
			*at = p + 2;
			return line;
		}
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return NULL;
	}
	return NULL;
}

static int
parse_target(char *target, struct http_head *out)
{
	char *mark;

	if (strncasecmp(target, "http://", 7) == 0 ||
	    strncasecmp(target, "https://", 8) == 0) {
		target = strchr(strchr(target, ':') + 3, '/');
		if (!target)
			return 400;
	}
	if (target[0] != '/' && strcmp(target, "*") != 0)
		return 400;
	out->path = target;
	out->query = "";
	mark = strchr(target, '?');
	if (mark) {
		*mark = '\0';
		out->query = mark + 1;
	}
	return 0;
}

static int
parse_request_line(char *line, struct http_head *out, bool *is_11)
{
	char *p = line, *target;

	while (is_token(*p))
		p++;
	if (p == line || *p != ' ')
		return 400;
	*p++ = '\0';
	out->method = line;
	target = p;
	while (*p > ' ' || *p < '\0')
		p++;
	if (p == target || *p != ' ')
		return 400;
	*p++ = '\0';
	if (strncmp(p, "HTTP/", 5) != 0)
		return 400;
	if (strcmp(p, "HTTP/1.1") != 0 && strcmp(p, "HTTP/1.0") != 0)
		return 505;
	*is_11 = p[7] == '1';
	return parse_target(target, out);
}

static int
parse_field(char *line, struct http_field *out)
{
	char *p = line, *end;

	while (is_token(*p))
		p++;
	if (p == line || *p != ':')
		return 400;
	*p++ = '\0';
	while (*p == ' ' || *p == '\t')
		p++;
	end = p + strlen(p);
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	*out = (struct http_field){ line, p };
	return 0;
}

/* Most names differ in their first letter. */
static bool
is_named(const struct http_field *f, const char *name)
{
	return ((f->name[0] ^ name[0]) & 0x5f) == 0 && strcasecmp(f->name, name) == 0;
}

const char *
http_head_field(const struct http_head *h, const char *name)
{
	for (size_t i = 0; i < h->field_count; i++) {
		if (is_named(&h->fields[i], name))
			return h->fields[i].value;
	}
	return NULL;
}

static size_t
count_fields(const struct http_head *h, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < h->field_count; i++)
		n += is_named(&h->fields[i], name);
	return n;
}

/* Whether a comma-separated list holds the word. */
static bool
lists(const char *value, const char *word)
{
	size_t len = strlen(word);

	while (value && *value) {
		value += strspn(value, " \t,");
		if (strncasecmp(value, word, len) == 0 && strchr(" \t,", value[len]))
			return true;
		value += strcspn(value, ",");
	}
	return false;
}

#define LENGTH_DIGITS_MAX 15

static int
parse_length(const char *s, uint64_t *out)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > LENGTH_DIGITS_MAX || s[n] != '\0')
		return 400;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out * 10 + (uint64_t)(s[i] - '0');
	return 0;
}

static int
parse_framing(struct http_head *h, bool is_11)
{
	const char *coding = http_head_field(h, "Transfer-Encoding");
	const char *length = http_head_field(h, "Content-Length");

	if (count_fields(h, "Content-Length") > 1 ||
	    count_fields(h, "Transfer-Encoding") > 1 || count_fields(h, "Host") > 1)
		return 400;
	if (is_11 && !http_head_field(h, "Host"))
		return 400;
	if (coding && (length || !is_11))
		return 400;
	if (coding && strcasecmp(coding, "chunked") != 0)
		return 501;
	h->chunked = coding != NULL;
	return length ? parse_length(length, &h->body_len) : 0;
}

int
http_head_parse(char *bytes, size_t n, struct http_head *out)
{
	char *at = bytes, *end = bytes + n, *line;
	const char *connection;
	bool is_11 = false;
	int status;

	*out = (struct http_head){ .method = "", .path = "", .query = "" };
	line = take_line(&at, end);
	if (!line)
		return 400;
	status = parse_request_line(line, out, &is_11);
	while (status == 0) {
		line = take_line(&at, end);
		if (!line)
			return 400;
		if (line[0] == '\0')
			break;
		if (out->field_count == HTTP_FIELDS_MAX)
			return 431;
		status = parse_field(line, &out->fields[out->field_count++]);
	}
	if (status != 0)
		return status;
	connection = http_head_field(out, "Connection");
	out->keep_alive =
	    is_11 ? !lists(connection, "close") : lists(connection, "keep-alive");
	out->expects_continue =
	    is_11 && lists(http_head_field(out, "Expect"), "100-continue");
	return parse_framing(out, is_11);
}
