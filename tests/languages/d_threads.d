/// Two threads count: with a monitor, and what one publishes by an atomic flag; with an argument, in a variable as well.
module d_threads;

import core.atomic, core.thread, core.time, std.stdio;

__gshared int balance, total;
__gshared int[] published;
shared bool ready;

void deposit(int amount)
{
	balance += amount; // race
}

void main(string[] words)
{
	auto monitor = new Object;
	void work()
	{
		foreach (i; 0 .. 1000)
			synchronized (monitor)
				total++;
		if (words.length > 1)
		{
			Thread.sleep(100.msecs);
			deposit(1);
		}
	}
	auto one = new Thread(&work).start(), other = new Thread(&work).start();
	auto publisher = new Thread({ published = [7, 8]; atomicStore!(MemoryOrder.rel)(ready, true); }).start();
	while (!atomicLoad!(MemoryOrder.acq)(ready))
		Thread.yield();
	auto last = published[1];
	one.join();
	other.join();
	publisher.join();
	writeln(total, " ", last);
}
