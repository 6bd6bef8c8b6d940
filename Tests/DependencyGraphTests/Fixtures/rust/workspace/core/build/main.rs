mod steps;

fn main() {
    steps::all();
}
