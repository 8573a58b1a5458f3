/*
 * SQLite in two threads, a database in memory each: rows are inserted, indexed, changed, joined and deleted. The library's
 * own shared state (its allocator's mutexes and counters, the caches) is what the threads meet in.
 */
#include "../programs/common.h"
#include "sqlite3.h"

enum { ROWS = 12000 };

static size_t rounds;

static void check(int status, sqlite3 *database)
{
	if (status != SQLITE_OK && status != SQLITE_DONE && status != SQLITE_ROW) {
		fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(database));
		exit(1);
	}
}

static void run(sqlite3 *database, const char *text)
{
	check(sqlite3_exec(database, text, NULL, NULL, NULL), database);
}

static void insert_rows(sqlite3 *database, uint64_t *state)
{
	sqlite3_stmt *insert;
	char name[32];

	check(sqlite3_prepare_v2(database, "INSERT INTO item VALUES (?1, ?2, ?3)", -1, &insert, NULL),
		database);
	for (int i = 0; i < ROWS; i++) {
		uint64_t random = bench_random(state);

		snprintf(name, sizeof(name), "name %llu", (unsigned long long)random % 1000);
		sqlite3_bind_int(insert, 1, i);
		sqlite3_bind_int(insert, 2, (int)(random >> 40) % 5000);
		sqlite3_bind_text(insert, 3, name, -1, SQLITE_TRANSIENT);
		check(sqlite3_step(insert), database);
		check(sqlite3_reset(insert), database);
	}
	check(sqlite3_finalize(insert), database);
}

static uint64_t ask(sqlite3 *database, const char *text)
{
	sqlite3_stmt *query;
	uint64_t sum = 0;

	check(sqlite3_prepare_v2(database, text, -1, &query, NULL), database);
	while (sqlite3_step(query) == SQLITE_ROW)
		sum = sum * 31 + (uint64_t)sqlite3_column_int64(query, 0);
	check(sqlite3_finalize(query), database);
	return sum;
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	uint64_t state = worker->index;
	sqlite3 *database;

	for (size_t round = 0; round < rounds; round++) {
		check(sqlite3_open(":memory:", &database), database);
		run(database, "CREATE TABLE item (id INTEGER PRIMARY KEY, value INT, name TEXT); BEGIN");
		insert_rows(database, &state);
		run(database,
			"COMMIT; CREATE INDEX by_value ON item (value); CREATE INDEX by_name ON item (name)");
		run(database, "UPDATE item SET value = value + 7 WHERE id % 3 = 0; DELETE FROM item WHERE "
			      "value % 11 = 0");
		worker->sum += ask(database, "SELECT sum(value) FROM item GROUP BY name ORDER BY name");
		worker->sum += ask(database,
			"SELECT count(*) FROM item a JOIN item b ON a.value = b.value WHERE a.id < b.id");
		check(sqlite3_close(database), database);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];

	rounds = bench_scaled(argc, argv, 8);
	check(sqlite3_initialize(), NULL); /* a first open in two threads would test a flag without a lock */
	bench_start(workers, BENCH_THREADS, work);
	return bench_print("sqlite", bench_join(workers, BENCH_THREADS));
}
