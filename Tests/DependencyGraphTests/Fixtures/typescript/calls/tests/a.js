jest.mock("./mock.js");
vi.mock("./mock2.js", () => ({}));
const real = await vi.importActual<typeof import("../src/real")>("../src/real");
jest.requireActual("../src/actual");
other.jest.mock("./none.js");
jest.fn("./none.js");
mock.module("./mock3.js", {});
