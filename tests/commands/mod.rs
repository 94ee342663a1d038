//! The program as people run it: its arguments, what it prints where, its exit status, and what survives `kill -9`.

mod data;
mod kill;
mod lines;
mod polling;
mod program;
mod serving;
mod suggesting;
