/* Finding and opening images. Symbols are looked up in symtab.c, debug information in places.c. See image.h. */
#include "image.h"

#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_private.h"
#include "model.h"

static struct report_image *images;

/* The regular file at `path`, or -1. O_NONBLOCK: a path in a record may lead anywhere, also to a FIFO. */
static int open_file(const char *path)
{
	struct stat status;
	int fd = path[0] == '/' ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
	if (fd >= 0 && (fstat(fd, &status) || !S_ISREG(status.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool build_id_matches(Dwfl_Module *module, const char *build_id)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bits;
	GElf_Addr address;
	int bytes = dwfl_module_build_id(module, &bits, &address);
	if (!*build_id)
		return true;
	if (bytes <= 0 || strlen(build_id) != (size_t)bytes * 2)
		return false;
	for (int i = 0; i < bytes; i++)
		if (build_id[2 * i] != digits[bits[i] >> 4] || build_id[2 * i + 1] != digits[bits[i] & 15])
			return false;
	return true;
}

static bool open_module(struct report_image *image, const char *path)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};
	Dwfl *dwfl;
	Dwfl_Module *module;
	int fd = open_file(path);
	if (fd < 0)
		return false;
	dwfl = dwfl_begin(&callbacks);
	module = dwfl ? dwfl_report_offline(dwfl, path, path, fd) : NULL;
	if (!module)
		close(fd);
	else if (!dwfl_report_end(dwfl, NULL, NULL) && dwfl_module_getelf(module, &image->elf_bias) &&
		 build_id_matches(module, image->build_id)) {
		image->module = module;
		return true;
	}
	if (dwfl)
		dwfl_end(dwfl);
	return false;
}

static bool open_debug_file(struct report_image *image)
{
	if (strlen(image->build_id) < 4)
		return false;
	return open_module(image, report_arena_format("/usr/lib/debug/.build-id/%.2s/%s.debug",
					  image->build_id, image->build_id + 2));
}

static void open_image(struct report_image *image)
{
	if (open_module(image, image->path) || open_debug_file(image))
		return;
	/* "[vdso]" and the like never were files */
	if (image->path[0] == '/')
		image->trouble = access(image->path, F_OK) ? "file has gone" : "file changed since";
}

struct report_image *report_image_get(const char *path, const char *build_id)
{
	struct report_image *image;
	const char *key = report_arena_format("%s %s", build_id, path);
	HASH_FIND_STR(images, key, image);
	if (image)
		return image;
	image = report_arena_take(1, sizeof(*image));
	image->key = key;
	image->path = path;
	image->build_id = build_id;
	open_image(image);
	HASH_ADD_KEYPTR(hh, images, image->key, strlen(image->key), image);
	return image;
}

const char *report_image_trouble(const struct report_image *image)
{
	return image->trouble;
}
