#include "gs.h"

#include "choice.h"
#include "file.h"
#include "survey.h"
#include "shadow/engine.h"
#include "shadow/single.h"
#include "shadow/sys.h"
#include "shadow/text.h"

enum { ARCH_GET_GS = 0x1004 };

/* Of what is looked for more later, that is found on the way. */
bool rt_gs_is_set_by(const struct rt_module *module)
{
	bool is_own = (uintptr_t)rt_gs_is_set_by - module->whole.low < module->whole.high - module->whole.low;
	unsigned wanted = rt_choice_is_partial(module) ? RT_SIGNS_ALL : RT_SIGN_GS;
	return !is_own && rt_survey(module, wanted) & RT_SIGN_GS;
}

static bool take(void)
{
	uintptr_t now = 0;
	rt_syscall(__NR_arch_prctl, ARCH_GET_GS, (long)&now, 0, 0, 0, 0);
	return !now && rt_single_take_segment();
}

/* A module of the program's that sets it. */
static void find_setter(struct rt_module *module, void *data)
{
	static char setter[RT_MAPS_PATH];
	const char **trouble = data;
	struct rt_file *file = *trouble || !rt_gs_is_set_by(module) ? NULL : rt_alloc(sizeof(*file));
	if (!file)
		return;
	rt_file_find(file, module);
	struct rt_text text = rt_text_init(setter, sizeof(setter));
	rt_text_add(&text, rt_file_base(file->path));
	rt_text_add(&text, " sets the segment register gs");
	*trouble = setter;
	rt_free(file, sizeof(*file));
}

const char *rt_gs_take(void)
{
	const char *trouble = NULL;
	rt_modules_visit(find_setter, &trouble);
	return trouble || take() ? trouble : "the segment register gs is in use";
}
