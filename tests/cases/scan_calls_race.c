// cflags: -fno-builtin -Wno-format
// What the formatted input functions read and write.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "descriptors.h"
#include "scans.h"
#include "steps.h"

#define F supply_stream()

static void steps(void)
{
	/* A and B hold 16 characters and the NUL, as a stream's first line does */
	READS(sscanf(B, "%s", A), B + 16);                         // race: race-data
	READS(sscanf("x", B, A), B + 16);                          // race: race-data
	WRITES(sscanf(B, "%s", A), A + 16);                        // race: race-data
	READS(fscanf(F, B, A), B + 16);                            // race: race-data
	WRITES(fscanf(F, "%s", A), A + 16);                        // race: race-data
	READS((stdin = F, scanf(B, A)), B + 16);                   // race: race-data
	WRITES((stdin = F, scanf("%s", A)), A + 16);               // race: race-data
	READS(swscanf(WB, L"%ls", WA), WB + 16);                   // race: race-data
	READS(swscanf(L"x", WB, WA), WB + 16);                     // race: race-data
	WRITES(swscanf(WB, L"%ls", WA), WA + 16);                  // race: race-data
	READS(fwscanf(F, WB, WA), WB + 16);                        // race: race-data
	WRITES(fwscanf(F, L"%ls", WA), WA + 16);                   // race: race-data
	READS((stdin = F, wscanf(WB, WA)), WB + 16);               // race: race-data
	WRITES((stdin = F, wscanf(L"%ls", WA)), WA + 16);          // race: race-data
	READS(list_sscanf(B, "%s", A), B + 16);                    // race: race-data
	READS(list_sscanf("x", B, A), B + 16);                     // race: race-data
	WRITES(list_sscanf(B, "%s", A), A + 16);                   // race: race-data
	READS(list_fscanf(F, B, A), B + 16);                       // race: race-data
	WRITES(list_fscanf(F, "%s", A), A + 16);                   // race: race-data
	READS((stdin = F, list_scanf(B, A)), B + 16);              // race: race-data
	WRITES((stdin = F, list_scanf("%s", A)), A + 16);          // race: race-data
	READS(list_swscanf(WB, L"%ls", WA), WB + 16);              // race: race-data
	READS(list_swscanf(L"x", WB, WA), WB + 16);                // race: race-data
	WRITES(list_swscanf(WB, L"%ls", WA), WA + 16);             // race: race-data
	READS(list_fwscanf(F, WB, WA), WB + 16);                   // race: race-data
	WRITES(list_fwscanf(F, L"%ls", WA), WA + 16);              // race: race-data
	READS((stdin = F, list_wscanf(WB, WA)), WB + 16);          // race: race-data
	WRITES((stdin = F, list_wscanf(L"%ls", WA)), WA + 16);     // race: race-data
	READS(old_sscanf(B, "%s", A), B + 16);                     // race: race-data
	READS(old_sscanf("x", B, A), B + 16);                      // race: race-data
	WRITES(old_sscanf(B, "%s", A), A + 16);                    // race: race-data
	READS(old_fscanf(F, B, A), B + 16);                        // race: race-data
	WRITES(old_fscanf(F, "%s", A), A + 16);                    // race: race-data
	READS((stdin = F, old_scanf(B, A)), B + 16);               // race: race-data
	WRITES((stdin = F, old_scanf("%s", A)), A + 16);           // race: race-data
	READS(old_swscanf(WB, L"%ls", WA), WB + 16);               // race: race-data
	READS(old_swscanf(L"x", WB, WA), WB + 16);                 // race: race-data
	WRITES(old_swscanf(WB, L"%ls", WA), WA + 16);              // race: race-data
	READS(old_fwscanf(F, WB, WA), WB + 16);                    // race: race-data
	WRITES(old_fwscanf(F, L"%ls", WA), WA + 16);               // race: race-data
	READS((stdin = F, old_wscanf(WB, WA)), WB + 16);           // race: race-data
	WRITES((stdin = F, old_wscanf(L"%ls", WA)), WA + 16);      // race: race-data
	READS(old_list_sscanf(B, "%s", A), B + 16);                // race: race-data
	READS(old_list_sscanf("x", B, A), B + 16);                 // race: race-data
	WRITES(old_list_sscanf(B, "%s", A), A + 16);               // race: race-data
	READS(old_list_fscanf(F, B, A), B + 16);                   // race: race-data
	WRITES(old_list_fscanf(F, "%s", A), A + 16);               // race: race-data
	READS((stdin = F, old_list_scanf(B, A)), B + 16);          // race: race-data
	WRITES((stdin = F, old_list_scanf("%s", A)), A + 16);      // race: race-data
	READS(old_list_swscanf(WB, L"%ls", WA), WB + 16);          // race: race-data
	READS(old_list_swscanf(L"x", WB, WA), WB + 16);            // race: race-data
	WRITES(old_list_swscanf(WB, L"%ls", WA), WA + 16);         // race: race-data
	READS(old_list_fwscanf(F, WB, WA), WB + 16);               // race: race-data
	WRITES(old_list_fwscanf(F, L"%ls", WA), WA + 16);          // race: race-data
	READS((stdin = F, old_list_wscanf(WB, WA)), WB + 16);      // race: race-data
	WRITES((stdin = F, old_list_wscanf(L"%ls", WA)), WA + 16); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
