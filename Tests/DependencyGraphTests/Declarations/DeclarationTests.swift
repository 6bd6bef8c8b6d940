import DependencyGraph
import TestSupport
import Testing

@Suite("What a file declares for others")
struct DeclarationTests {
    private func read(_ path: String, _ text: String) throws -> [String] {
        try #require(Declaration.exported(in: Array(text.utf8), path: path)).map { "\($0.name): \($0.signature)" }
    }

    @Test func `Python declarations are read`() throws {
        let text = """
            import os
            LIMIT = 3
            name: str = "x"
            _hidden = 1
            if LIMIT == 3:
                pass
            def total(order,
                      *, tax=0) -> int:
                def inner(): pass
                x = 1
                return 1
            async def fetch(url): ...
            class Order(Base):
                '''def no(): pass'''
                def __init__(self, a): self.a = a
                def _own(self): pass
                def price(self) -> dict[str, int]:
                    return {}
            def _private(): pass
            """
        #expect(
            try read("a.py", text) == [
                "LIMIT: LIMIT", "name: name", "total: def total(order, *, tax=0) -> int", "fetch: async def fetch(url)",
                "Order: class Order(Base)", "Order.__init__: def __init__(self, a)",
                "Order.price: def price(self) -> dict[str, int]",
            ])
    }

    @Test func `go declarations are read`() throws {
        let text = """
            package a
            import "fmt"
            const Limit = 3
            const (
                First = iota
                second
                Third
            )
            type Order struct {
                Total int
            }
            func (o *Order) Price(tax int) (int, error) {
                if tax > 0 { return 1, nil }
                return 0, nil
            }
            func (o *order) Hidden() {}
            func New(x int) *Order { return nil }
            func small() {}
            """
        #expect(
            try read("a.go", text) == [
                "Limit: const Limit", "First: const First", "Third: const Third", "Order: type Order struct",
                "Order.Price: func (o *Order) Price(tax int) (int, error)", "New: func New(x int) *Order",
            ])
    }

    @Test func `TypeScript declarations are read`() throws {
        let text = """
            import { a } from "./a";
            export const limit: number = 3;
            export function total(order: Order, tax = 0): number { return 1 }
            export default class Order<T> extends Base {
              private secret = 1;
              price(tax: number): number { return this.secret }
              get name(): string { return "" }
            }
            export interface Shape { area: number; scale(by: number): Shape }
            export type Id = string | number;
            function own() {}
            const a = 1, b = 2;
            export { a, b as c };
            """
        #expect(
            try read("a.ts", text) == [
                "limit: export const limit: number", "total: export function total(order: Order, tax = 0): number",
                "Order: export default class Order<T> extends Base", "Order.price: price(tax: number): number",
                "Order.name: get name(): string", "Shape: export interface Shape", "Shape.area: area: number",
                "Shape.scale: scale(by: number): Shape", "Id: export type Id", "a: a", "c: c",
            ])
    }

    @Test func `Java declarations are read`() throws {
        let text = """
            package shop;
            @Entity(name = "x")
            public class Order extends Base {
                private int secret = 1;
                public static final int LIMIT = 3;
                @Override
                public <T> List<T> find(Class<T> type, int max) throws Oops { return null; }
                Order(int a) { this.secret = a; }
                private void own() {}
                interface Part { int size(); }
            }
            """
        let found = try read("Order.java", text)
        #expect(
            found == [
                "Order: public class Order extends Base", "Order.LIMIT: public static final int LIMIT",
                "Order.find: public <T> List<T> find(Class<T> type, int max) throws Oops", "Order.Order: Order(int a)",
                "Order.Part: interface Part", "Order.Part.size: int size()",
            ])
    }

    @Test func `Swift declarations are read`() throws {
        let text = """
            import Foundation
            public struct Order: Sendable {
                public let total: Int
                private var own = 1
                init(total: Int) { self.total = total }
                static func make(_ x: Int = 3) throws -> Order { Order(total: x) }
            }
            extension Order {
                var half: Int { total / 2 }
            }
            fileprivate func hidden() {}
            class func nothing() {}
            """
        #expect(
            try read("a.swift", text).prefix(5) == [
                "Order: public struct Order: Sendable", "Order.total: public let total: Int",
                "Order.init: init(total: Int)", "Order.make: static func make(_ x: Int = 3) throws -> Order",
                "Order.half: var half: Int",
            ])
    }

    @Test func `Rust declarations are read`() throws {
        let text = """
            use std::fmt;
            pub struct Order { pub total: u32 }
            pub(crate) fn total<T: Into<u32>>(x: T) -> u32 where T: Copy { 1 }
            fn own() {}
            pub trait Shape { fn area(&self) -> f64; }
            impl Order { pub fn price(&self) -> u32 { 1 } fn hidden(&self) {} }
            """
        #expect(
            try read("a.rs", text) == [
                "Order: pub struct Order", "total: pub(crate) fn total<T: Into<u32>>(x: T) -> u32 where T: Copy",
                "Shape: pub trait Shape", "Shape.area: fn area(&self) -> f64",
                "Order.price: pub fn price(&self) -> u32",
            ])
    }

    @Test func `Kotlin and C# declarations are read`() throws {
        #expect(
            try read("a.kt", "data class Order(val a: Int) { fun price(): Int = 1\n private val b = 2 }\nfun top() {}")
                == ["Order: data class Order(val a: Int)", "Order.price: fun price(): Int", "top: fun top()"])
        #expect(
            try read(
                "a.cs",
                "namespace Shop { public class Order { public int Total { get; set; } int own; public void Pay(int x) {} } }"
            ) == [
                "Shop.Order: public class Order", "Shop.Order.Total: public int Total",
                "Shop.Order.Pay: public void Pay(int x)",
            ])
    }

    @Test func `files of other languages have no declarations`() {
        #expect(Declaration.exported(in: Array("def x; end".utf8), path: "a.rb") == nil)
        #expect(Declaration.exported(in: [], path: "Makefile") == nil)
        #expect(Declaration.exported(in: [], path: "a.py") == [])
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["py", "go", "java", "kt", "cs", "swift", "rs", "ts"])
    func `declarations of broken files are read to their end`(suffix: String) throws {
        let seed: UInt64 = 1
        // A crash leaves no other trace of the input.
        print("broken .\(suffix) files from seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let words = [
            "class ", "def ", "func ", "(", ")", "{", "}", "<", ">", "[", "]", "\n", ";", "=", ":", "x", "@", "#",
            "export ", "pub ", "impl ", "\"", "'", "init", "=>", "const ", "private ", ",", "\\", "/*",
        ]
        for _ in 0..<400 {
            let text = (0..<60).map { _ in words.randomElement(using: &random) ?? "" }.joined()
            let found = try #require(Declaration.exported(in: Array(text.utf8), path: "a.\(suffix)"))
            let lines = text.utf8.count { $0 == 0x0A } + 1
            #expect(found.allSatisfy { (1...lines).contains($0.line) }, "seed \(seed): \(text.debugDescription)")
        }
    }
}
