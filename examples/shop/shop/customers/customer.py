"""Customers and what is known of them."""

from dataclasses import dataclass, field
from typing import Dict, List, Optional

from shop.customers.address import Address
from shop.errors import UnknownCustomer
from shop.identifiers import Numbering


@dataclass
class Customer:
    number: str
    name: str
    email: Optional[str] = None
    addresses: List[Address] = field(default_factory=list)

    def parcel_address(self) -> Optional[Address]:
        return self.addresses[-1] if self.addresses else None


class Register:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._customers: Dict[str, Customer] = {}

    def enrol(self, name: str, email: Optional[str] = None) -> Customer:
        customer = Customer(self._numbering.next("customer"), name, email)
        self._customers[customer.number] = customer
        return customer

    def get(self, number: str) -> Customer:
        if number not in self._customers:
            raise UnknownCustomer(f"no customer has the number {number}")
        return self._customers[number]

    def named(self, name: str) -> List[Customer]:
        return [customer for customer in self._customers.values() if customer.name == name]
