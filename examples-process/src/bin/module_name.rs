//! A module knows its own name, but Rust needs no test of that name to guard its `main`.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `__name__` | `module_path!()` |
//! | `if __name__ == '__main__':` | `fn main()`, which only a program has, and which no import runs |
//!
//! Python names the file that it runs `__main__`. An import runs the whole file too, but under the
//! name of the module, so the `if` keeps an import from running `main`. Rust names the outermost
//! module after the crate, here the program.
//!
//! ```text
//! $ cargo run -p examples-process --bin module_name
//! module_name
//! ```
//!
//! **Always:** the name of the program, because `module_path!` is replaced when it is compiled.
//!
//! **Try:** add `mod inner { pub fn name() -> &'static str { module_path!() } }` at the end, and
//! print `inner::name()` instead of `module_path!()`. It prints `module_name::inner`.

fn main() {
    println!("{}", module_path!());
}
