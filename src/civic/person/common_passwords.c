/* common_passwords.c: the passwords that everybody tries first, of eight signs and more. Shorter ones are refused anyway; runs as
 * 12345678 and signs over and over are found by rule (account.c). */
#include "civic/person/account.h"

static const char *const common[] = {
    "password",   "password1",    "password12",   "password123", "password1234", "passw0rd",      "p@ssw0rd",
    "p@ssword",   "p@ssw0rd1",    "pa55word",     "passport",    "qwertyui",     "qwertyuiop",    "qwerty12",
    "qwerty123",  "qwerty1234",   "qwerty12345",  "1q2w3e4r",    "1q2w3e4r5t",   "1qaz2wsx",      "1qaz2wsx3edc",
    "1qazxsw2",   "qazwsxedc",    "qazwsx123",    "zxcvbnm1",    "zxcvbnm123",   "asdfghjk",      "asdfghjkl",
    "asdf1234",   "asdfasdf",     "asd123456",    "zaq12wsx",    "q1w2e3r4",     "q1w2e3r4t5",    "abcd1234",
    "abc12345",   "abc123456",    "abc123456789", "abcabc123",   "a1234567",     "a12345678",     "a123456789",
    "aa123456",   "aa12345678",   "aa112233",     "aaa111111",   "ab123456",     "123456ab",      "123456abc",
    "12345678a",  "123456789a",   "1234567890a",  "1234qwer",    "123qweasd",    "123qwe123",     "qwe123456",
    "qwe123qwe",  "qweqwe123",    "qweasdzxc",    "wangyut2",    "woaini1314",   "woaini520",     "woaini521",
    "woaini123",  "woaiwojia",    "5201314a",     "a5201314",    "aini1314",     "52013145",      "13145200",
    "1314520a",   "iloveyou",     "iloveyou1",    "iloveyou2",   "iloveyou520",  "loveyou1314",   "sunshine",
    "princess",   "football",     "baseball",     "basketball",  "superman",     "batman123",     "trustno1",
    "letmein1",   "letmein123",   "welcome1",     "welcome123",  "welcome2026",  "monkey123",     "dragon123",
    "master123",  "michael1",     "jennifer",     "jordan23",    "starwars",     "computer",      "internet",
    "samsung1",   "whatever",     "changeme",     "changeme1",   "default1",     "administrator", "admin123",
    "admin1234",  "admin12345",   "admin123456",  "admin888",    "admin2026",    "root1234",      "rootroot",
    "toor1234",   "test1234",     "test12345",    "testtest",    "guest123",     "user1234",      "user123456",
    "system123",  "manager1",     "oracle123",    "shanghai",    "shanghai1",    "shanghai123",   "shanghai2026",
    "zhongguo",   "zhongguo1",    "beijing2008",  "baoshan123",  "wusong123",    "lilong123",     "lilong2026",
    "juweihui",   "juweihui123",  "11223344",     "1122334455",  "112233445566", "12121212",      "12341234",
    "12344321",   "123123123",    "123123qwe",    "123321123",   "123454321",    "1234554321",    "12345679",
    "123456123",  "123456654321", "147258369",    "147852369",   "159357123",    "159753456",     "13579246",
    "135792468",  "1357924680",   "24681012",     "31415926",    "314159265",    "52525252",      "66668888",
    "88886666",   "88889999",     "69696969",     "78945612",    "789456123",    "963852741",     "987654321a",
    "10203040",   "100200300",    "10101010",     "20202020",    "12312312",     "11112222",      "11111111a",
    "00001111",   "01234567a",    "00112233",     "20002000",    "19491001",     "20082008",      "20202021",
    "88888888a",  "a88888888",    "a11111111",    "qq123456",    "qq123456789",  "qq111111",      "w123456789",
    "z123456789", "l123456789",   "wang123456",   "li123456",    "zhang123456",  "liu123456",     "chen123456",
    "yang123456", "zhao123456",   "wangwang",     "xiaoming",    "xiaoming123",  "mima1234",      "mima123456",
    "wodemima",   "wodemima123",  "caonima123",   "nihao123",    "nihao1234",    "hello123",      "hello1234",
    "helloworld", "google123",    "baidu123",     "tencent123",  "alibaba123",   "huawei123",     "xiaomi123",
    "wechat123",  "weixin123",    "summer2026",   "spring2026",  "winter2026",   "autumn2026",    "summer123",
    "secret123",  "freedom1",     "charlie1",     "hunter22",    "killer123",    "pokemon1",      "naruto123",
    "mustang1",   "shadow123",    "ninja123",     "azerty123",   "q123456789",   "q12345678",     "asdf12345",
    "zxc123456",  "zxcv1234",     "zxcvbnm12",    "poiuytrewq",  "lkjhgfdsa",    "mnbvcxz1",      "1z2x3c4v",
    "!qaz2wsx",   "!qaz@wsx",     "1qaz!qaz",     "1qaz@wsx",    "p@55w0rd",     "passw0rd!",     "password!",
    "password1!", "qwer1234",     "qwer123456",   "1234abcd",    "12345abc",     "12345qwert",    "54321qwe",
    "87654321a",  "aaaaaaaa1",
};

bool password_common(struct str password)
{
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        if (str_eq_ci(password, str_from_cstr(common[i])))
            return true;
    return false;
}
