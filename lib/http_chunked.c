#include "lib/hex.h"
#include "lib/http_head.h"

#define LINE_MAX_BYTES    256u
#define TRAILER_MAX_BYTES 4096u
#define CHUNK_MAX         (UINT64_MAX >> 8)

static void
end_size_line(struct http_chunked *c)
{
	if (!c->digit)
		c->state = HTTP_CHUNK_BROKEN;
	else
		c->state = c->left > 0 ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER;
	c->line = 0;
	c->digit = c->in_ext = c->cr = false;
}

/* A byte of a size line before its CR; false if it has no place there. */
static bool
read_size_byte(struct http_chunked *c, char byte)
{
	int digit = hex_digit(byte);

	if (byte == '\n')
		return false;
	if (c->in_ext)
		return true;
	if (digit >= 0 && c->left <= CHUNK_MAX >> 4) {
		c->left = c->left << 4 | (uint64_t)digit;
		c->digit = true;
		return true;
	}
	c->in_ext = c->digit && (byte == ';' || byte == ' ');
	return c->in_ext;
}

static void
read_size(struct http_chunked *c, char byte)
{
	c->line++;
	if (c->cr && byte == '\n')
		end_size_line(c);
	else if (!c->cr && byte == '\r')
		c->cr = true;
	else if (c->cr || c->line > LINE_MAX_BYTES || !read_size_byte(c, byte))
		c->state = HTTP_CHUNK_BROKEN;
}

static void
read_data_end(struct http_chunked *c, char byte)
{
	if (!c->cr && byte == '\r') {
		c->cr = true;
	} else if (c->cr && byte == '\n') {
		c->cr = false;
		c->state = HTTP_CHUNK_SIZE;
	} else {
		c->state = HTTP_CHUNK_BROKEN;
	}
}

/* Trailers are read over; an empty line ends the body. */
static void
read_trailer(struct http_chunked *c, char byte)
{
	c->trailer++;
	if (c->cr && byte == '\n') {
		c->cr = false;
		if (c->line == 0)
			c->state = HTTP_CHUNK_DONE;
		c->line = 0;
	} else if (!c->cr && byte == '\r') {
		c->cr = true;
	} else if (c->cr || byte == '\n' || c->trailer > TRAILER_MAX_BYTES) {
		c->state = HTTP_CHUNK_BROKEN;
	} else {
		c->line++;
	}
}

size_t
http_chunked_read(struct http_chunked *c, char *bytes, size_t n, size_t *out)
{
	size_t i = 0, kept = 0;

	while (i < n && c->state != HTTP_CHUNK_DONE && c->state != HTTP_CHUNK_BROKEN) {
		char byte = bytes[i++];

		if (c->state == HTTP_CHUNK_SIZE) {
			read_size(c, byte);
		} else if (c->state == HTTP_CHUNK_DATA) {
			bytes[kept++] = byte;
			if (--c->left == 0)
				c->state = HTTP_CHUNK_DATA_END;
		} else if (c->state == HTTP_CHUNK_DATA_END) {
			read_data_end(c, byte);
		} else {
			read_trailer(c, byte);
		}
	}
	*out = kept;
	return i;
}
