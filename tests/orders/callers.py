"""Who calls, in tests of orders: each role of tests/orders/rows.py, and another of its kind."""

from tests.api import caller

CUSTOMER, OTHER_CUSTOMER = caller("customer-1", "customer"), caller("customer-2", "customer")
MERCHANT = caller("clerk-1", "merchant", custom_merchant_id="merchant-1")
OTHER_MERCHANT = caller("clerk-2", "merchant", custom_merchant_id="merchant-2")
NO_MERCHANT = caller("clerk-3", "merchant")
DRIVER, OTHER_DRIVER = caller("driver-1", "driver"), caller("driver-2", "driver")
OPERATOR = caller("operator-1", "operator")
