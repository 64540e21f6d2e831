#pragma once

// Where the Swift runtime keeps the function by which it enqueues jobs that have no executor of their own.
//
// A library finds it with dlsym; a program into which the runtime is linked does not export it, so that only the linker can.
void **windtunnel_enqueue_global_hook(void);
