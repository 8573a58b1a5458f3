/* Terminals, and the commands that devices take. */
#include "result.h"

#include <sys/ioctl.h>
#include <termios.h>

int rt_wrap_tcgetattr(int fd, struct termios *to)
{
	RT_FD_RESULT_BODY(tcgetattr, fd, rt_real.tcgetattr(fd, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_tcsetattr(int fd, int when, const struct termios *from)
{
	RT_FD_RESULT_BODY(tcsetattr, fd, rt_real.tcsetattr(fd, when, from), !result, RT_READS_VALUE(from));
}

/* Of commands that many programs use: what their argument points to. All others are told of as uses of the descriptor. */
static const struct command {
	unsigned long command;
	size_t bytes;
	enum rt_access_kind kind;
} commands[] = {
	{TIOCGWINSZ, sizeof(struct winsize), RT_WRITE},
	{TIOCSWINSZ, sizeof(struct winsize), RT_READ},
	{TIOCGPGRP, sizeof(pid_t), RT_WRITE},
	{TIOCSPGRP, sizeof(pid_t), RT_READ},
	{TIOCGSID, sizeof(pid_t), RT_WRITE},
	{TIOCGPTN, sizeof(unsigned int), RT_WRITE},
	{TIOCSPTLCK, sizeof(int), RT_READ},
	{TIOCOUTQ, sizeof(int), RT_WRITE},
	{FIONREAD, sizeof(int), RT_WRITE},
	{FIONBIO, sizeof(int), RT_READ},
	{FIOASYNC, sizeof(int), RT_READ},
	{SIOCATMARK, sizeof(int), RT_WRITE},
	{SIOCGIFINDEX, sizeof(struct ifreq), RT_WRITE},
	{SIOCGIFNAME, sizeof(struct ifreq), RT_WRITE},
	{SIOCGIFFLAGS, sizeof(struct ifreq), RT_WRITE},
	{SIOCGIFADDR, sizeof(struct ifreq), RT_WRITE},
	{SIOCGIFNETMASK, sizeof(struct ifreq), RT_WRITE},
	{SIOCGIFHWADDR, sizeof(struct ifreq), RT_WRITE},
	{SIOCGIFMTU, sizeof(struct ifreq), RT_WRITE},
};

static void tell_command(
	struct rt_thread *self, struct rt_site *site, unsigned long command, const void *argument)
{
	for (size_t i = 0; i < RT_COUNT(commands); i++)
		if (commands[i].command == command)
			rt_call_access(self, site, argument, commands[i].bytes, commands[i].kind);
}

int rt_wrap_ioctl(int fd, unsigned long command, ...)
{
	va_list rest;
	va_start(rest, command);
	void *argument = va_arg(rest, void *);
	va_end(rest);
	RT_FD_RESULT_BODY(ioctl, fd, rt_real.ioctl(fd, command, argument), result >= 0,
		tell_command(self, &site, command, argument));
}
