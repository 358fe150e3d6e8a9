"""What cells say: numbers, units, money, products, codes and years, as people write them."""
