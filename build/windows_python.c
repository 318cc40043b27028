/* Starts the interpreter in python314.dll beside it, as Windows' own python.exe does. */
#include <windows.h>

int wmain(int count, wchar_t **arguments)
{
    HMODULE interpreter = LoadLibraryW(L"python314.dll");
    if (interpreter == NULL)
        return 103;
    return ((int (*)(int, wchar_t **))(void *)GetProcAddress(interpreter, "Py_Main"))(count, arguments);
}

int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR line, int show)
{
    (void)self, (void)before, (void)line, (void)show;
    return wmain(__argc, __wargv);
}
