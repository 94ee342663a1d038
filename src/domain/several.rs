//! The same work for many things, by several threads.

use std::sync::mpsc::sync_channel;

/// Does `work` for parts of `all`, each on a thread of its own, and puts together what comes of it, in order.
///
/// What a thread could not do is done by the caller's own.
pub fn in_parts<'a, T: Sync, R: Send>(all: &'a [T], work: impl Fn(&'a [T]) -> Vec<R> + Sync) -> Vec<R> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let work = &work;
    std::thread::scope(|scope| {
        let parts = all.chunks(all.len().div_ceil(workers).max(1));
        let working: Vec<_> = parts.map(|part| (part, scope.spawn(move || work(part)))).collect();
        working.into_iter().flat_map(|(part, worker)| worker.join().unwrap_or_else(|_| work(part))).collect()
    })
}

/// Uses what is made of each part, in order, while a thread of its own makes what comes next: at most two wait.
///
/// What that thread could not do is done by the caller's own.
///
/// # Errors
/// The first of `take`; nothing is made after that.
pub fn one_ahead<'a, T: Sync, R: Send, E>(
    parts: &[&'a [T]],
    make: impl Fn(&'a [T]) -> R + Sync,
    mut take: impl FnMut(&'a [T], R) -> Result<(), E>,
) -> Result<(), E> {
    let make = &make;
    std::thread::scope(|scope| {
        let (give, made) = sync_channel(1);
        let maker = scope.spawn(move || {
            for part in parts {
                if give.send(make(part)).is_err() {
                    return;
                }
            }
        });
        let done = parts.iter().try_for_each(|part| take(part, made.recv().unwrap_or_else(|_| make(part))));
        drop(made);
        // Why it stopped early, if it did, was seen above.
        let _ = maker.join();
        done
    })
}

#[cfg(test)]
mod tests {
    use super::{in_parts, one_ahead};

    #[test]
    fn what_is_made_ahead_is_used_in_order_and_an_error_ends_it() {
        let all: Vec<u32> = (0..10).collect();
        let parts: Vec<&[u32]> = all.chunks(3).collect();
        let sum = |part: &[u32]| part.iter().sum::<u32>();
        let mut seen = Vec::new();
        let done: Result<(), ()> = one_ahead(&parts, sum, |part, made| {
            seen.push((part.to_vec(), made));
            Ok(())
        });
        let expected: Vec<_> = parts.iter().map(|part| (part.to_vec(), sum(part))).collect();
        assert_eq!((done, &seen), (Ok(()), &expected));

        let mut used = 0;
        let stopped = one_ahead(&parts, sum, |_, made| {
            used += 1;
            if made > 3 { Err(made) } else { Ok(()) }
        });
        assert_eq!((stopped, used), (Err(12), 2));
    }

    #[test]
    fn what_the_thread_ahead_cannot_make_the_callers_own_makes() {
        let all = [1_u32, 2, 3, 4];
        let parts: Vec<&[u32]> = all.chunks(1).collect();
        let here = std::thread::current().id();
        let only_here = |part: &[u32]| {
            assert!(part != [3] || std::thread::current().id() == here, "not by the thread ahead");
            part[0] * 2
        };
        let mut made = Vec::new();
        let done: Result<(), ()> = one_ahead(&parts, only_here, |_, one| {
            made.push(one);
            Ok(())
        });
        assert_eq!((done, made), (Ok(()), vec![2, 4, 6, 8]));
    }

    #[test]
    fn what_several_do_is_what_one_does_in_the_same_order() {
        for count in [0_u32, 1, 2, 3, 7, 1000] {
            let all: Vec<u32> = (0..count).collect();
            let odd = |part: &[u32]| part.iter().filter(|n| *n % 2 == 1).map(|n| n * 3).collect::<Vec<_>>();
            assert_eq!(in_parts(&all, odd), odd(&all));
        }
    }
}
