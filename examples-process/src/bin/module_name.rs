//! A module knows its own name; but Rust needs no test of that name to guard its `main`.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `__name__` | `module_path!()` |
//! | `if __name__ == '__main__':` | `fn main()`, which only a program has, and nobody imports |
//!
//! Python runs a file from the top, and calls it `__main__` when it is the program. Rust calls the
//! outermost module by the name of the crate, here the program's. A process that Python starts by
//! another way than `fork` imports the file again, and the guard keeps it from starting others in
//! its turn. In `pool_map` and its like that is what `procspawn::init()` is for.
//!
//! ```text
//! $ cargo run -p examples-process --bin module_name
//! module_name
//! ```
//!
//! **Always:** the name under which this file is built.
//!
//! **May differ:** nothing, as long as the file is not renamed.
//!
//! **Try:** put the call into a module, `mod inner { … }`. It prints `module_name::inner`.

fn main() {
    println!("{}", module_path!());
}
