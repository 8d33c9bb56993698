def program(data, variant):
    a = data.a.T if data.transpose_a else data.a
    b = data.b.T if data.transpose_b else data.b

    def run():
        product = a @ b
        return [float(product[0, 1]), float(product[-1, -2])]

    return run
