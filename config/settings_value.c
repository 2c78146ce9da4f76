/* One value: text into its place, and back. */
#include "config/settings_table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const level_names[] = { "debug", "info", "warn", "error" };

struct unit {
	const char *name;
	int64_t size;
};

static const struct unit ms_units[] = {
	{ "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 }, { NULL, 0 },
};
static const struct unit byte_units[] = {
	{ "GiB", 1 << 30 }, { "MiB", 1 << 20 }, { "KiB", 1 << 10 },
	{ "B", 1 },         { NULL, 0 },
};

/* Decimal digits, then exactly one of the units (NULL: none). */
static bool
read_number(const char *text, const struct unit *units, int64_t *out)
{
	int64_t v = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (v > (INT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (*p - '0');
	}
	if (p == text)
		return false;
	if (units == NULL) {
		*out = v;
		return *p == '\0';
	}
	for (; units->name != NULL; units++) {
		if (strcmp(p, units->name) != 0)
			continue;
		return !__builtin_mul_overflow(v, units->size, out);
	}
	return false;
}

static void
show_number(int64_t v, const struct unit *units, struct buf *out)
{
	while (units[1].name != NULL && (v == 0 || v % units->size != 0))
		units++;
	buf_put_i64(out, v / units->size);
	buf_puts(out, units->name);
}

static void
show_bounds(const struct setting *row, const struct unit *units, struct buf *out)
{
	buf_puts(out, "between ");
	if (units == NULL) {
		buf_printf(out, "%lld and %lld", (long long)row->min,
		           (long long)row->max);
		return;
	}
	show_number(row->min, units, out);
	buf_puts(out, " and ");
	show_number(row->max, units, out);
}

static int
put_number(const struct setting *row, int64_t *place, const char *text,
           const struct unit *units, struct buf *why)
{
	int64_t v;

	if (!read_number(text, units, &v)) {
		buf_printf(why, "\"%.40s\" is not understood: write ", text);
		buf_puts(why,
		         units == NULL ? "a whole number"
		         : units == ms_units
		             ? "a time such as \"250ms\", \"8s\", \"15min\" or \"24h\""
		             : "a size such as \"64KiB\" or \"8MiB\"");
		return -1;
	}
	if (v < row->min || v > row->max) {
		buf_printf(why, "%.40s is out of bounds: write ", text);
		show_bounds(row, units, why);
		return -1;
	}
	*place = v;
	return 0;
}

static int
put_text(const struct setting *row, char *place, const char *text, struct buf *why)
{
	size_t n = strlen(text);

	if (n >= row->size) {
		buf_printf(why, "is too long: at most %zu characters fit", row->size - 1);
		return -1;
	}
	if (n == 0 && row->required) {
		buf_puts(why, "must not be empty");
		return -1;
	}
	memset(place, 0, row->size);
	memcpy(place, text, n + 1);
	return 0;
}

static int
put_url(const struct setting *row, char *place, const char *text, struct buf *why)
{
	if (*text != '\0' && strncmp(text, "http://", 7) != 0 &&
	    strncmp(text, "https://", 8) != 0) {
		buf_printf(why, "\"%.40s\" is not a URL: write http://... or https://...",
		           text);
		return -1;
	}
	return put_text(row, place, text, why);
}

bool
settings_parse_network(const char *text, size_t n, struct settings_network *out)
{
	char host[INET6_ADDRSTRLEN + 5];
	struct in6_addr six;
	struct in_addr four;
	int64_t bits = -1;

	if (n == 0 || n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	char *slash = strchr(host, '/');
	if (slash != NULL) {
		*slash = '\0';
		if (!read_number(slash + 1, NULL, &bits))
			return false;
	}
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &four) == 1) {
		memset(out->address + 10, 0xff, 2);
		memcpy(out->address + 12, &four, 4);
		if (bits > 32)
			return false;
		out->bits = (uint8_t)(96 + (bits < 0 ? 32 : bits));
		return true;
	}
	if (inet_pton(AF_INET6, host, &six) != 1 || bits > 128)
		return false;
	memcpy(out->address, &six, 16);
	out->bits = (uint8_t)(bits < 0 ? 128 : bits);
	return true;
}

bool
settings_allow(const struct settings_networks *n, const char *peer)
{
	struct settings_network who;

	if (peer == NULL || !settings_parse_network(peer, strlen(peer), &who))
		return false;
	for (unsigned i = 0; i < n->count; i++) {
		const struct settings_network *net = &n->at[i];
		unsigned whole = net->bits / 8u, rest = net->bits % 8u;
		unsigned mask = 0xffu << (8u - rest) & 0xffu;
		if (memcmp(net->address, who.address, whole) == 0 &&
		    (rest == 0 ||
		     ((net->address[whole] ^ who.address[whole]) & mask) == 0))
			return true;
	}
	return false;
}

static int
put_networks(struct settings_networks *place, const char *text, struct buf *why)
{
	struct settings_networks got = { 0 };

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		if (got.count == SETTINGS_NETWORKS_MAX) {
			buf_printf(why, "has too many entries: at most %d fit",
			           SETTINGS_NETWORKS_MAX);
			return -1;
		}
		if (!settings_parse_network(text, n, &got.at[got.count])) {
			buf_printf(why,
			           "\"%.*s\" is not a network: write \"10.0.0.0/8\" or "
			           "\"2001:db8::/32\"",
			           (int)(n < 60 ? n : 60), text);
			return -1;
		}
		got.count++;
		text += n + (text[n] == ' ');
	}
	*place = got;
	return 0;
}

static void
show_network(const struct settings_network *n, struct buf *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN] = "";
	bool four = n->bits >= 96 && memcmp(n->address, mapped, 12) == 0;

	inet_ntop(four ? AF_INET : AF_INET6, n->address + (four ? 12 : 0), text,
	          sizeof(text));
	buf_printf(out, "\"%s/%d\"", text, n->bits - (four ? 96 : 0));
}

/* The first line of a file that only its owner may read. */
static int
read_secret(const char *folder, const char *name, char *out, size_t cap, struct buf *why)
{
	char path[512];
	struct stat st;
	int n = snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : folder,
	                 *name == '/' ? "" : "/", name);
	int fd =
	    n > 0 && (size_t)n < sizeof(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0 || fstat(fd, &st) != 0) {
		buf_printf(why, "cannot read %.120s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if ((st.st_mode & 077) != 0) {
		buf_printf(why, "others can read %.120s: chmod 600 it", path);
		close(fd);
		return -1;
	}
	ssize_t got = read(fd, out, cap - 1);
	close(fd);
	if (got < 0)
		got = 0;
	out[got] = '\0';
	size_t len = strcspn(out, "\r\n");
	if (len == 0 || len >= cap - 1) {
		buf_printf(why,
		           "%.120s is empty or too long: it wants one line of at most "
		           "%zu characters",
		           path, cap - 2);
		return -1;
	}
	memset(out + len, 0, cap - len);
	return 0;
}

static int
put_secret(const struct setting *row, char *place, const char *text, const char *folder,
           struct buf *why)
{
	memset(place, 0, row->size);
	if (*text == '\0' || folder == NULL)
		return 0;
	return read_secret(folder, text, place, row->size, why);
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

static int
put_pepper(uint8_t *place, const char *text, const char *folder, struct buf *why)
{
	char line[2 * SETTINGS_PEPPER + 3];

	if (folder == NULL)
		return 0;
	if (*text == '\0' || read_secret(folder, text, line, sizeof(line), why) != 0) {
		buf_puts(why,
		         ". Make it once: (umask 077; od -An -vtx1 -N32 /dev/urandom "
		         "| tr -d ' \\n' > FILE)");
		return -1;
	}
	for (size_t i = 0; i < SETTINGS_PEPPER; i++) {
		int high = hex_digit(line[2 * i]);
		int low = high < 0 ? -1 : hex_digit(line[2 * i + 1]);
		if (low < 0) {
			buf_printf(why, "%.120s does not hold 64 hexadecimal digits",
			           text);
			return -1;
		}
		place[i] = (uint8_t)(high * 16 + low);
	}
	return 0;
}

static int
put_level(int64_t *place, const char *text, struct buf *why)
{
	for (int i = 0; i < 4; i++) {
		if (strcmp(text, level_names[i]) == 0) {
			*place = i;
			return 0;
		}
	}
	buf_printf(why, "\"%.40s\" is no level: write debug, info, warn or error", text);
	return -1;
}

int
setting_put(const struct setting *row, void *base, const char *text, const char *folder,
            struct buf *why)
{
	void *place = (char *)base + row->offset;

	switch (row->kind) {
	case SET_TEXT:
		return put_text(row, place, text, why);
	case SET_URL:
		return put_url(row, place, text, why);
	case SET_INT:
		return put_number(row, place, text, NULL, why);
	case SET_MS:
		return put_number(row, place, text, ms_units, why);
	case SET_BYTES:
		return put_number(row, place, text, byte_units, why);
	case SET_BOOL:
		*(bool *)place = strcmp(text, "true") == 0;
		return 0;
	case SET_LEVEL:
		return put_level(place, text, why);
	case SET_NETWORKS:
		return put_networks(place, text, why);
	case SET_SECRET:
		return put_secret(row, place, text, folder, why);
	case SET_PEPPER:
		return put_pepper(place, text, folder, why);
	}
	return -1;
}

static void
show_quoted(const char *text, struct buf *out)
{
	buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

static void
show_networks(const struct settings_networks *n, struct buf *out)
{
	buf_puts(out, "[");
	for (unsigned i = 0; i < n->count; i++) {
		buf_puts(out, i == 0 ? " " : ", ");
		show_network(&n->at[i], out);
	}
	buf_puts(out, n->count == 0 ? "]" : " ]");
}

void
setting_show(const struct setting *row, const void *base, struct buf *out)
{
	const void *place = (const char *)base + row->offset;
	const int64_t *number = place;

	switch (row->kind) {
	case SET_TEXT:
	case SET_URL:
		show_quoted(place, out);
		return;
	case SET_INT:
		buf_put_i64(out, *number);
		return;
	case SET_MS:
	case SET_BYTES:
		buf_putc(out, '"');
		show_number(*number, row->kind == SET_MS ? ms_units : byte_units, out);
		buf_putc(out, '"');
		return;
	case SET_BOOL:
		buf_puts(out, *(const bool *)place ? "true" : "false");
		return;
	case SET_LEVEL:
		buf_printf(out, "\"%s\"", level_names[*number & 3]);
		return;
	case SET_NETWORKS:
		show_networks(place, out);
		return;
	case SET_SECRET:
		buf_puts(out, *(const char *)place == '\0' ? "\"\"" : "\"(set)\"");
		return;
	case SET_PEPPER:
		buf_puts(out, "\"(set)\"");
		return;
	}
}

void
setting_show_initial(const struct setting *row, struct buf *out)
{
	if (row->kind == SET_INT || row->kind == SET_BOOL) {
		buf_puts(out, row->initial);
	} else if (row->kind == SET_NETWORKS) {
		struct settings_networks n = { 0 };
		put_networks(&n, row->initial, out);
		show_networks(&n, out);
	} else {
		show_quoted(row->initial, out);
	}
}
