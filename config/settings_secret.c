/* Secrets: files that only their owner may read, or what systemd hands to the service. */
#include "config/settings_table.h"

#include "lib/hex.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CREDENTIAL "credential:"

/* Where a secret is: "credential:NAME" stands in the folder that systemd makes for a unit
 * with LoadCredential=NAME:..., anything else is a file.  *kept: nobody else gets there,
 * whatever the mode says (systemd may grant by an access list). */
static int
find_secret(const char *folder, const char *name, char path[512], bool *kept,
            struct buf *why)
{
	bool absolute = *name == '/';
	int n;

	*kept = strncmp(name, CREDENTIAL, sizeof CREDENTIAL - 1) == 0;
	if (*kept) {
		name += sizeof CREDENTIAL - 1;
		folder = getenv("CREDENTIALS_DIRECTORY");
		if (folder == NULL || *name == '\0' || *name == '.' ||
		    strchr(name, '/') != NULL) {
			buf_printf(why,
			           "credential:%.60s: needs a unit with "
			           "LoadCredential=NAME:FILE, and NAME without a '/'",
			           name);
			return -1;
		}
	}
	n = snprintf(path, 512, "%s%s%s", absolute ? "" : folder, absolute ? "" : "/",
	             name);
	if (n > 0 && n < 512)
		return 0;
	buf_printf(why, "%.60s...: a path too long", name);
	return -1;
}

/* The first line of a file that only its owner may read. */
static int
read_secret(const char *folder, const char *name, char *out, size_t cap, struct buf *why)
{
	char path[512];
	struct stat st;
	bool kept;
	int fd;

	if (find_secret(folder, name, path, &kept, why) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		buf_printf(why, "cannot read %.120s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (!kept && (st.st_mode & 077) != 0) {
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

int
setting_put_secret(const struct setting *row, char *place, const char *text,
                   const char *folder, struct buf *why)
{
	memset(place, 0, row->size);
	if (*text == '\0' || folder == NULL)
		return 0;
	return read_secret(folder, text, place, row->size, why);
}

int
setting_put_file(const struct setting *row, char *place, const char *text,
                 const char *folder, struct buf *why)
{
	bool kept, is_key = row->kind == SET_KEY_FILE;
	char path[512];
	struct stat st;

	memset(place, 0, row->size);
	if (*text == '\0' || folder == NULL)
		return 0;
	if (find_secret(folder, text, path, &kept, why) < 0)
		return -1;
	if (strlen(path) >= row->size) {
		buf_printf(why, "%.60s...: a path too long", path);
		return -1;
	}
	if (access(path, R_OK) != 0 || stat(path, &st) != 0) {
		buf_printf(why, "cannot read %.120s: %s", path, strerror(errno));
		return -1;
	}
	if (is_key && !kept && (st.st_mode & 077) != 0) {
		buf_printf(why, "others can read %.120s: chmod 600 it", path);
		return -1;
	}
	memcpy(place, path, strlen(path) + 1);
	return 0;
}

int
setting_put_pepper(uint8_t *place, const char *text, const char *folder, struct buf *why)
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
		int byte = hex_byte(line + 2 * i);

		if (byte < 0) {
			buf_printf(why, "%.120s does not hold 64 hexadecimal digits",
			           text);
			return -1;
		}
		place[i] = (uint8_t)byte;
	}
	return 0;
}
