/// One task after the other: at least one verdict for each, and no two checks side by side.
struct SerialPolicy: LandingPolicy {
    func size(_ view: LandingView) -> Int { view.chained == 0 ? min(1, view.offered) : 0 }
}
