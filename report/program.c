/* Can a program be tracked by LD_PRELOAD? The dynamic loader of this machine must run it, without the restrictions of
 * secure execution, and no other sanitizer may sit in it. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "arena.h"
#include "commands.h"
#include "utf8.h"

enum { MOST_SCRIPTS = 4, HEAD_BYTES = 256 };

struct verdict {
	int status; /* REPORT_EXIT_* */
	const char *reason;
};

static const struct verdict trackable = {REPORT_EXIT_CLEAN, "can be tracked"};

static struct verdict check_named(const char *name, unsigned scripts);

static struct verdict refuse(const char *reason)
{
	return (struct verdict){REPORT_EXIT_NOT_TRACKABLE, reason};
}

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* Another sanitizer by the name of a library it needs or of a symbol that it defines. libubsan keeps out of our way. */
static const char *match_library(const char *name)
{
	static const char *const libraries[][2] = {
		{"libasan.", "AddressSanitizer"},
		{"libclang_rt.asan", "AddressSanitizer"},
		{"libtsan.", "ThreadSanitizer"},
		{"libclang_rt.tsan", "ThreadSanitizer"},
		{"liblsan.", "LeakSanitizer"},
		{"libhwasan.", "HWAddressSanitizer"},
		{"libmsan.", "MemorySanitizer"},
	};
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		if (starts_with(name, libraries[i][0]))
			return libraries[i][1];
	return NULL;
}

static const char *match_symbol(const char *name)
{
	static const char *const symbols[][2] = {
		{"__asan_init", "AddressSanitizer"},
		{"__tsan_init", "ThreadSanitizer"},
		{"__msan_init", "MemorySanitizer"},
		{"__hwasan_init", "HWAddressSanitizer"},
	};
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (!strcmp(name, symbols[i][0]))
			return symbols[i][1];
	return NULL;
}

static const char *search_needed(Elf *elf, const GElf_Shdr *header, Elf_Data *data)
{
	GElf_Dyn entry;
	for (int i = 0; gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL; i++) {
		const char *name =
			entry.d_tag == DT_NEEDED ? elf_strptr(elf, header->sh_link, entry.d_un.d_val) : NULL;
		const char *sanitizer = name ? match_library(name) : NULL;
		if (sanitizer)
			return sanitizer;
	}
	return NULL;
}

static const char *search_symbols(Elf *elf, const GElf_Shdr *header, Elf_Data *data)
{
	GElf_Sym symbol;
	for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
		const char *name = symbol.st_shndx == SHN_UNDEF
					   ? NULL
					   : elf_strptr(elf, header->sh_link, symbol.st_name);
		const char *sanitizer = name ? match_symbol(name) : NULL;
		if (sanitizer)
			return sanitizer;
	}
	return NULL;
}

static const char *find_sanitizer(Elf *elf)
{
	Elf_Scn *section = NULL;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *sanitizer = NULL;
		Elf_Data *data = gelf_getshdr(section, &header) && header.sh_type != SHT_NOBITS
					 ? elf_getdata(section, NULL)
					 : NULL;
		if (data && header.sh_type == SHT_DYNAMIC)
			sanitizer = search_needed(elf, &header, data);
		else if (data && (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
			sanitizer = search_symbols(elf, &header, data);
		if (sanitizer)
			return sanitizer;
	}
	return NULL;
}

/* The dynamic loader that the program asks for; NULL: it is linked statically. */
static const char *find_loader(Elf *elf)
{
	size_t count = 0, bytes;
	char *image = elf_rawfile(elf, &bytes);
	GElf_Phdr segment;
	if (!image || elf_getphdrnum(elf, &count))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_INTERP &&
			segment.p_offset < bytes && segment.p_filesz <= bytes - segment.p_offset)
			return report_arena_copy(image + segment.p_offset, segment.p_filesz);
	return NULL;
}

static struct verdict check_elf(Elf *elf)
{
	GElf_Ehdr header;
	const char *loader, *sanitizer;
	if (!gelf_getehdr(elf, &header))
		return refuse("its ELF header is damaged");
	if (header.e_machine == EM_386 || (header.e_machine == EM_X86_64 && gelf_getclass(elf) == ELFCLASS32))
		return refuse("a 32-bit program; racetrack tracks 64-bit ones");
	if (header.e_machine != EM_X86_64)
		return refuse("a program for another kind of processor than x86-64");
	if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
		return refuse("not a program but an object or core file");
	loader = find_loader(elf);
	if (!loader)
		return refuse("statically linked: nothing can be preloaded into it; link it dynamically");
	if (strstr(loader, "ld-musl"))
		return refuse("linked to musl, while racetrack is built for the GNU C library");
	sanitizer = find_sanitizer(elf);
	if (sanitizer)
		return refuse(report_arena_format(
			"already built with %s: build it without -fsanitize for racetrack", sanitizer));
	return trackable;
}

/* The dynamic loader drops preloaded libraries where the program gains privileges. */
static const char *find_privilege(const char *path, const struct stat *status)
{
	struct statvfs mount;
	bool ignored = (!statvfs(path, &mount) && mount.f_flag & ST_NOSUID) ||
		       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	if (ignored)
		return NULL;
	if (status->st_mode & S_ISUID && status->st_uid != getuid())
		return "set-uid";
	if ((status->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && status->st_gid != getgid())
		return "set-gid";
	if (getuid() && getxattr(path, "security.capability", NULL, 0) > 0)
		return "a program with file capabilities";
	return NULL;
}

/* "#!/usr/bin/env python3" runs python3; what counts is the program at the end of the chain. */
static struct verdict check_script(char *head, unsigned scripts)
{
	char *save, *interpreter, *word;
	struct verdict verdict;
	head[strcspn(head, "\n")] = 0;
	interpreter = strtok_r(head, " \t\r", &save);
	if (!interpreter)
		return refuse("a script whose '#!' line names no interpreter");
	if (!scripts)
		return refuse("a script of a script of a script: too deep to follow");
	verdict = check_named(interpreter, scripts - 1);
	if (verdict.status == REPORT_EXIT_CLEAN && strlen(interpreter) > 4 &&
		!strcmp(interpreter + strlen(interpreter) - 4, "/env")) {
		while ((word = strtok_r(NULL, " \t\r", &save)) && (*word == '-' || strchr(word, '=')))
			;
		if (word) {
			interpreter = word;
			verdict = check_named(word, scripts - 1);
		}
	}
	if (verdict.status == REPORT_EXIT_CLEAN)
		return verdict;
	return refuse(report_arena_format("a script run by %s, which is %s", interpreter, verdict.reason));
}

static struct verdict check_contents(int fd, unsigned scripts)
{
	char head[HEAD_BYTES] = {0};
	struct verdict verdict;
	Elf *elf;
	if (pread(fd, head, sizeof(head) - 1, 0) < 0)
		return refuse(report_arena_format("cannot be read: %s", strerror(errno)));
	if (!memcmp(head, "#!", 2))
		return check_script(head + 2, scripts);
	/* shells and execvp run a text without '#!' by /bin/sh */
	if (memcmp(head, ELFMAG, SELFMAG))
		return scripts ? check_named("/bin/sh", scripts - 1) : refuse("not a program");
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	verdict = elf ? check_elf(elf) : refuse("its ELF header is damaged");
	elf_end(elf);
	return verdict;
}

static struct verdict check_path(const char *path, unsigned scripts)
{
	struct stat status;
	const char *privilege;
	struct verdict verdict;
	int fd;
	if (stat(path, &status))
		return (struct verdict){REPORT_EXIT_BAD_INPUT, "not found"};
	if (!S_ISREG(status.st_mode))
		return refuse(S_ISDIR(status.st_mode) ? "a folder" : "not a regular file");
	if (access(path, X_OK))
		return refuse("not executable");
	privilege = find_privilege(path, &status);
	if (privilege)
		return refuse(report_arena_format(
			"%s: for such programs the dynamic loader ignores LD_PRELOAD; run it as the user it "
			"becomes, or a copy without the privilege",
			privilege));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return refuse(report_arena_format("cannot be read: %s", strerror(errno)));
	verdict = check_contents(fd, scripts);
	close(fd);
	return verdict;
}

/* As execvp finds it. */
static struct verdict check_named(const char *name, unsigned scripts)
{
	const char *folders = getenv("PATH");
	struct verdict verdict = {REPORT_EXIT_BAD_INPUT, "not found in PATH"};
	if (strchr(name, '/'))
		return check_path(name, scripts);
	for (folders = folders ? folders : "/bin:/usr/bin"; *name && folders;
		folders = strchr(folders, ':')) {
		const char *path;
		int bytes;
		folders += *folders == ':';
		bytes = (int)strcspn(folders, ":");
		path = report_arena_format("%.*s%s%s", bytes, folders, bytes ? "/" : "./", name);
		if (!access(path, X_OK))
			return check_path(path, scripts);
	}
	return verdict;
}

int report_program_check(char **argv, size_t count)
{
	struct verdict verdict;
	if (count != 1) {
		fputs("racetrack-report: --check-program takes one program\n", stderr);
		return REPORT_EXIT_BAD_INPUT;
	}
	verdict = check_named(argv[0], MOST_SCRIPTS);
	printf("%s: %s\n", report_text_clean(argv[0]), report_text_clean(verdict.reason));
	return verdict.status;
}
