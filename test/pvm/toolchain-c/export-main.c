/* Makes `main` of another file an entry point that PolkaVM's linker sees too. */
#include <scotty.h>

int main(void);
SCOTTY_EXPORT(main);
