char library_data[1 << 20];
