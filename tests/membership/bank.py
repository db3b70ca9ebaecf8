"""Bank statements as banks export them, for tests: fictional account, fictional payers."""

from io import BytesIO

from xlsxwriter import Workbook

TITLE = [["江海商业银行（虚构）账户交易明细"], ["户名：江海省医师协会（虚构）", "", "", "账号：1001 2002 3003 4004"],
         ["起止日期：2026-03-01 至 2026-03-31"]]
GROUPED = [["交易日期", "交易流水号", "交易金额（元）", "", "余额", "对方信息", "", "附言"],
           ["", "", "借方", "贷方", "", "户名", "账号", ""]]
FOOTER = [["合计", "", "1,200.00", "5,860.00", "", "", "", ""], ["借方笔数：1", "", "", "贷方笔数：4"]]


def receipt(day, amount, payer="", remark="", *, serial="", account="6222020200112233445"):
    """Return one row of money that came in."""
    return [day, serial, "", amount, "88,000.00", payer, account, remark]


def paid_out(day, amount, payee):
    """Return one row of money that went out."""
    return [day, "OUT1", amount, "", "80,000.00", payee, "6222", "办公用品"]


def csv(*rows, encoding="gbk"):
    """Return a statement as delimited text, with title rows, a heading of two rows and a footer."""
    lines = [*TITLE, *GROUPED, *rows, *FOOTER]
    return "\r\n".join(",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in line)
                       for line in lines).encode(encoding)


def xlsx(*rows):
    """Return the same as a workbook with merged cells."""
    file = BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet("明细")
        sheet.merge_range(0, 0, 0, 7, TITLE[0][0])
        sheet.write_row(1, 0, TITLE[1])
        for column, name in enumerate(GROUPED[0]):
            if name in ("交易金额（元）", "对方信息"):
                sheet.merge_range(2, column, 2, column + 1, name)
            elif name:
                sheet.merge_range(2, column, 3, column, name)
        for column in (2, 3, 5, 6):
            sheet.write(3, column, GROUPED[1][column])
        for number, row in enumerate((*rows, *FOOTER), start=4):
            sheet.write_row(number, 0, row)
    return file.getvalue()
