//! What is in order by atomics, by reference counts and by joining threads.
use std::sync::atomic::{fence, AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static READY: AtomicBool = AtomicBool::new(false);
static mut PLAIN: Vec<usize> = Vec::new();

struct Node {
    value: usize,
    next: *mut Node,
}

static HEAD: AtomicPtr<Node> = AtomicPtr::new(std::ptr::null_mut());

struct Counted(Vec<usize>);

impl Drop for Counted {
    fn drop(&mut self) {
        COUNT.fetch_add(self.0.drain(..).sum(), Ordering::Relaxed);
    }
}

fn push(value: usize) {
    let node = Box::into_raw(Box::new(Node { value, next: HEAD.load(Ordering::Relaxed) }));
    loop {
        let head = unsafe { (*node).next };
        match HEAD.compare_exchange_weak(head, node, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(now) => unsafe { (*node).next = now },
        }
    }
}

fn take_all() -> usize {
    let mut node = HEAD.swap(std::ptr::null_mut(), Ordering::Acquire);
    let mut sum = 0;
    while !node.is_null() {
        let taken = unsafe { Box::from_raw(node) };
        sum += taken.value;
        node = taken.next;
    }
    sum
}

fn main() {
    let mut sums = vec![0; 4];
    for _ in 0..20 {
        let counted = Arc::new(Counted((0..10).collect()));
        let threads: Vec<_> = (0..4)
            .map(|i| {
                let counted = counted.clone();
                thread::spawn(move || {
                    for value in 0..50 {
                        push(value);
                    }
                    let text = format!("{} of {}", i, counted.0.len());
                    (i, text.len() + take_all())
                })
            })
            .collect();
        drop(counted);
        for one in threads {
            let (i, sum) = one.join().unwrap();
            sums[i] += sum;
        }
    }
    let total: usize = sums.iter().sum::<usize>() + take_all();
    let writer = thread::spawn(|| {
        unsafe { (*(&raw mut PLAIN)).push(7) };
        fence(Ordering::Release);
        READY.store(true, Ordering::Relaxed);
    });
    while !READY.load(Ordering::Relaxed) {
        thread::yield_now();
    }
    fence(Ordering::Acquire);
    unsafe { (*(&raw mut PLAIN)).push(8) };
    writer.join().unwrap();
    println!("{} {} {}", total, COUNT.load(Ordering::Relaxed), unsafe { (*(&raw const PLAIN)).len() });
}
