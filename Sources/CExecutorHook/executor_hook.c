#include "executor_hook.h"

extern void *swift_task_enqueueGlobal_hook;

void **windtunnel_enqueue_global_hook(void) { return &swift_task_enqueueGlobal_hook; }
