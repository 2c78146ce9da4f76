/* Any products.conf: no crash, and what is taken can be written and read again. */
#include "config/products.h"
#include "payments/core/product.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig's scanner loses the string it was reading when the file breaks off in it. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\n";
}

/* The file as the reader takes it, which opens it by its path. */
static struct products_file *
read_bytes(const void *data, size_t size, struct settings_faults *faults)
{
	char path[64];
	struct products_file *f = NULL;
	int fd = memfd_create("products", 0);

	*faults = (struct settings_faults){ 0 };
	if (fd < 0)
		return NULL;
	if (write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		f = products_file_read(path, faults);
		if ((f == NULL) != (faults->count > 0))
			abort();
	}
	close(fd);
	return f;
}

/* A product that is good stays the same through the file's syntax. */
static void
write_and_read(const struct json *product)
{
	static struct settings_faults faults;
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	struct products_file *again;

	if (to == NULL)
		return;
	fputs("products = (\n", to);
	products_file_write(to, product);
	fputs(");\n", to);
	fclose(to);
	again = read_bytes(text, n, &faults);
	if (again == NULL || products_file_count(again) != 1)
		abort();
	products_file_free(again);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings_faults faults;
	static struct schedule work;
	struct products_file *f;

	if (size > 8192)
		return 0;
	f = read_bytes(data, size, &faults);
	for (unsigned i = 0; f != NULL && i < products_file_count(f); i++) {
		struct product p;
		struct diag why;

		if (product_read(products_file_at(f, i), &p, &why) == 0 &&
		    product_check(&p, &work, &why) == 0)
			write_and_read(products_file_at(f, i));
	}
	products_file_free(f);
	return 0;
}
