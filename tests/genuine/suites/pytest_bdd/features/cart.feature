Feature: Cart
  Buying things.

  Scenario: An item is added
    Given an empty cart
    When 2 items are added
    Then the cart holds 2 items

  Scenario: An item is lost
    Given an empty cart
    When 2 items are added
    Then the cart holds 3 items

  Scenario Outline: Several items
    Given an empty cart
    When <added> items are added
    Then the cart holds <held> items

    Examples:
      | added | held |
      | 1     | 1    |
      | 5     | 4    |
