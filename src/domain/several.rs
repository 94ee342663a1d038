//! The same work for many things, by several threads.

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

#[cfg(test)]
mod tests {
    use super::in_parts;

    #[test]
    fn what_several_do_is_what_one_does_in_the_same_order() {
        for count in [0_u32, 1, 2, 3, 7, 1000] {
            let all: Vec<u32> = (0..count).collect();
            let odd = |part: &[u32]| part.iter().filter(|n| *n % 2 == 1).map(|n| n * 3).collect::<Vec<_>>();
            assert_eq!(in_parts(&all, odd), odd(&all));
        }
    }
}
