//! Two stores that nothing orders, after panics that were caught: one finding, with the right callers.
use std::panic;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;

static mut VALUE: usize = 0;
static DONE: AtomicBool = AtomicBool::new(false);
static CAUGHT: AtomicUsize = AtomicUsize::new(0);

#[inline(never)]
fn write_value(to: usize) {
    unsafe { VALUE = to } // race
}

#[inline(never)]
fn dive(depth: usize) -> usize {
    if depth == 0 {
        panic::resume_unwind(Box::new(1));
    }
    dive(depth - 1) + 1
}

#[inline(never)]
fn both(to: usize) {
    for depth in 0..50 {
        if panic::catch_unwind(|| dive(depth)).is_err() {
            CAUGHT.fetch_add(1, Ordering::Relaxed);
        }
    }
    write_value(to);
}

fn main() {
    let name = Arc::new(String::from("kept by both"));
    let kept = name.clone();
    let first = thread::spawn(move || {
        both(kept.len());
        DONE.store(true, Ordering::Relaxed);
    });
    while !DONE.load(Ordering::Relaxed) {
        thread::yield_now();
    }
    both(2 * name.len());
    first.join().unwrap();
    println!("{} {}", unsafe { VALUE }, CAUGHT.load(Ordering::Relaxed));
}
